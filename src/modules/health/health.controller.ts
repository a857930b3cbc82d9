// GET /health, /health/live and /health/ready in the shape of Terminus. Peers probe /health to
// learn what is there.
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { HealthCheck, type HealthCheckResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import type { DataEngine } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { DATA_ENGINE, NODE_VIEW } from '../../runtime/tokens';
import { HealthService } from './health.service';

/** Undocumented here, because Terminus would load all of Swagger into the node for it. */
const CHECK = { noCache: true, swaggerDocumentation: false };

@Controller('health')
export class HealthController {
  constructor(
    private readonly judged: HealthService,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(NODE_VIEW) private readonly view: NodeView,
  ) {}

  @Get()
  @HealthCheck(CHECK)
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.answer(reply, await this.judged.overall());
  }

  @Get('live')
  @HealthCheck(CHECK)
  async live(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.answer(reply, await this.judged.live());
  }

  @Get('ready')
  @HealthCheck(CHECK)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.answer(reply, await this.judged.ready());
  }

  private answer(reply: FastifyReply, result: HealthCheckResult): object {
    const failed = result.status !== 'ok';
    if (failed) reply.code(503);
    const { id, name, cluster } = this.view.identity();
    return {
      status: failed && this.engine.state() === 'draining' ? 'shutting_down' : failed ? 'error' : 'ok',
      node_id: id,
      name,
      cluster,
      discovery_enabled: true,
      active_peers: this.view.report().membership.alive,
      info: result.info,
      error: result.error,
      details: result.details,
    };
  }
}
