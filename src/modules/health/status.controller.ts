// GET /status and /v1/status: everything an operator may want to know of this node at a glance.
import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import type { DataEngine } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { memoryFigures } from '../../runtime/process-figures';
import { readRelease } from '../../runtime/release';
import { DATA_ENGINE, NODE_VIEW, SETTINGS } from '../../runtime/tokens';
import { snakeCased } from '../../http/snake-case';
import { WriteQuotaService } from '../data/write-quota.service';
import { configBody } from './status-config';

@Controller(['status', 'v1/status'])
export class StatusController {
  private readonly release = readRelease();

  constructor(
    @Inject(SETTINGS) private readonly settings: NodeSettings,
    @Inject(NODE_VIEW) private readonly view: NodeView,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    private readonly quota: WriteQuotaService,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  status(): object {
    const { id, name, cluster, listenPort } = this.view.identity();
    const { incarnation, load, storage, replication, membership } = this.view.report();
    const uptimeSeconds = Math.floor(this.view.uptimeMs() / 1000);
    const { p50, p99, max } = this.view.loopDelayMs();
    return {
      node_id: id,
      name,
      port: listenPort,
      cluster,
      version: this.release,
      uptime: `${uptimeSeconds}s`,
      uptime_seconds: uptimeSeconds,
      state: this.engine.state(),
      memory: snakeCased(memoryFigures()),
      engine: snakeCased(this.engine.about()),
      storage: snakeCased({ ...storage, ...this.engine.stats() }),
      digest: snakeCased(load),
      replication: snakeCased(replication),
      membership: snakeCased({ ...membership, incarnation }),
      event_loop: { p50_ms: p50, p99_ms: p99, max_ms: max },
      client_quota: snakeCased(this.quota.report()),
      config: configBody(this.settings),
    };
  }
}
