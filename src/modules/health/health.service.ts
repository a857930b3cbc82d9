// What is judged of this node's health, for every route that tells it.
import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, type HealthIndicatorFunction } from '@nestjs/terminus';
import { NodeIndicators } from './node.indicators';

@Injectable()
export class HealthService {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly node: NodeIndicators,
  ) {}

  /** Should this node get traffic? */
  overall(): Promise<HealthCheckResult> {
    return this.judge([
      () => this.node.serving(),
      () => this.node.runtime(),
      () => this.node.memory(),
      () => this.node.storage(),
      () => this.node.eventLoop(),
      () => this.node.membership(),
      () => this.node.quorum(),
    ]);
  }

  /** Does the process answer at all? */
  live(): Promise<HealthCheckResult> {
    return this.judge([]);
  }

  /** Does it hold what its peers hold? */
  ready(): Promise<HealthCheckResult> {
    return this.judge([() => this.node.synced()]);
  }

  private judge(indicators: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    return this.checks.check(indicators).catch(failedCheck);
  }
}

/** Terminus throws its result when an indicator is down. */
function failedCheck(thrown: unknown): HealthCheckResult {
  if (thrown instanceof ServiceUnavailableException) return thrown.getResponse() as HealthCheckResult;
  throw thrown;
}
