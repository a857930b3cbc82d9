// The load figures that every status carries: what the runtime measures, and what the core knows.
import { missingWrites } from '../anti-entropy/gaps';
import type { Input } from '../base/inputs';
import type { NodeLoad } from '../base/report';
import type { Membership } from '../membership/membership';
import type { Store } from '../store/store';

type Measured = Pick<Extract<Input, { kind: 'load' }>, 'putsPerSecond' | 'getsPerSecond' | 'loopDelayMs'>;

export class LoadFigures {
  private measured: Measured = { putsPerSecond: 0, getsPerSecond: 0, loopDelayMs: 0 };

  constructor(
    private readonly store: Store,
    private readonly membership: Membership,
    private readonly limitBytes: number,
  ) {}

  take({ putsPerSecond, getsPerSecond, loopDelayMs }: Measured): void {
    this.measured = { putsPerSecond, getsPerSecond, loopDelayMs };
  }

  now(): NodeLoad {
    const { keys, usedBytes } = this.store.counts();
    const { putsPerSecond, getsPerSecond, loopDelayMs } = this.measured;
    return {
      keys,
      usedBytes,
      limitBytes: this.limitBytes,
      putsPerSecond,
      getsPerSecond,
      loopDelayMs,
      missingWrites: missingWrites(this.membership),
    };
  }
}
