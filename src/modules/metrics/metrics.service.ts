// The metrics of this node as text. The first scrape loads Prometheus' client. Many nodes are never
// asked.
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ClientLimits } from '../../http/limits/client-limits';
import { ProblemCounts } from '../../http/problem-counts';
import type { DataEngine } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { figure } from '../../runtime/process-figures';
import { readRelease } from '../../runtime/release';
import { DATA_ENGINE, NODE_VIEW } from '../../runtime/tokens';
import { WaitingReadsService } from '../data/waiting-reads.service';
import { EventsService } from '../events/events.service';
import type { MetricSet } from './metric-set';

export interface Exposition {
  readonly mediaType: string;
  readonly text: string;
}

@Injectable()
export class MetricsService implements OnModuleDestroy {
  private metrics: Promise<MetricSet> | null = null;
  private scraping: Promise<Exposition> | null = null;
  private readonly release = readRelease();
  /** A descriptor to give away, so that the client can be loaded when no other is left. */
  private spare = figure(() => openSync(devNull, 'r'));

  constructor(
    private readonly problems: ProblemCounts,
    private readonly limits: ClientLimits,
    private readonly events: EventsService,
    private readonly waiting: WaitingReadsService,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(NODE_VIEW) private readonly view: NodeView,
  ) {}

  /** All who ask while one is made get the same: a crowd costs no more than one of them. */
  scrape(): Promise<Exposition> {
    this.scraping ??= this.make().finally(() => {
      this.scraping = null;
    });
    return this.scraping;
  }

  private async make(): Promise<Exposition> {
    this.metrics ??= this.create();
    const { registry } = await this.metrics.catch((error: unknown) => {
      this.metrics = null;
      throw error;
    });
    return { mediaType: registry.contentType, text: await registry.metrics() };
  }

  /** Gives the spare descriptor back. */
  onModuleDestroy(): void {
    if (this.spare !== null) closeSync(this.spare);
    this.spare = null;
  }

  private async create(): Promise<MetricSet> {
    this.onModuleDestroy();
    const { nodeMetrics } = await import('./node-metrics');
    const { engine, view, problems, limits, events, waiting, release } = this;
    return nodeMetrics({ engine, view, problems, limits, events, waiting, release });
  }
}
