// GET /health, /health/live and /health/ready in the shape of Terminus. Peers probe /health to learn who is there.
import { Controller, Get, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorFunction,
} from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import type { DataEngine } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { DATA_ENGINE, NODE_VIEW } from '../../runtime/tokens';
import { NodeIndicators } from './node.indicators';

@Controller('health')
export class HealthController {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly node: NodeIndicators,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(NODE_VIEW) private readonly view: NodeView,
  ) {}

  @Get()
  @HealthCheck()
  health(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.run(reply, [
      () => this.node.serving(),
      () => this.node.runtime(),
      () => this.node.memory(),
      () => this.node.storage(),
      () => this.node.eventLoop(),
      () => this.node.membership(),
      () => this.node.quorum(),
    ]);
  }

  @Get('live')
  @HealthCheck()
  live(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.run(reply, []);
  }

  @Get('ready')
  @HealthCheck()
  ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.run(reply, [() => this.node.synced()]);
  }

  private async run(reply: FastifyReply, indicators: HealthIndicatorFunction[]): Promise<object> {
    const result = await this.checks.check(indicators).catch(failedCheck);
    const failed = Object.keys(result.error ?? {}).length > 0;
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

/** Terminus throws its result when an indicator is down. */
function failedCheck(thrown: unknown): HealthCheckResult {
  if (thrown instanceof ServiceUnavailableException) return thrown.getResponse() as HealthCheckResult;
  throw thrown;
}
