// Asks for a verification sweep of the store at the configured interval. Expiry does not depend on
// it. It finds what should never be there.
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { NodeSettings } from '../../config/settings';
import type { NodeView } from '../../runtime/node-view';
import { NODE_VIEW, SETTINGS } from '../../runtime/tokens';

@Injectable()
export class SweepScheduler implements OnApplicationBootstrap {
  constructor(
    private readonly registry: SchedulerRegistry,
    @Inject(SETTINGS) private readonly settings: NodeSettings,
    @Inject(NODE_VIEW) private readonly view: NodeView,
  ) {}

  /** The registry clears the interval when the application closes. */
  onApplicationBootstrap(): void {
    const interval = setInterval(() => this.view.sweep(), this.settings.cleanupIntervalSeconds * 1000);
    this.registry.addInterval('verification-sweep', interval);
  }
}
