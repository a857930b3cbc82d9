// The metrics of this node as text. Prometheus' client is loaded by the first scrape: many nodes are never asked.
import { Inject, Injectable } from '@nestjs/common';
import { ProblemCounts } from '../../http/problem-counts';
import type { DataEngine } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { readRelease } from '../../runtime/release';
import { DATA_ENGINE, NODE_VIEW } from '../../runtime/tokens';
import type { MetricSet } from './metric-set';

export interface Exposition {
  readonly mediaType: string;
  readonly text: string;
}

@Injectable()
export class MetricsService {
  private metrics: Promise<MetricSet> | null = null;

  constructor(
    private readonly problems: ProblemCounts,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(NODE_VIEW) private readonly view: NodeView,
  ) {}

  async scrape(): Promise<Exposition> {
    this.metrics ??= this.create();
    const { registry } = await this.metrics;
    return { mediaType: registry.contentType, text: await registry.metrics() };
  }

  private async create(): Promise<MetricSet> {
    const { nodeMetrics } = await import('./node-metrics');
    const { engine, view, problems } = this;
    return nodeMetrics({ engine, view, problems, release: readRelease() });
  }
}
