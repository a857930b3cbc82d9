// All that gives writes of the future their true stamps: by the node that wrote them, by their
// heirs, and at the gate where versions of peers come in
// (docs/adr/0065-a-stamp-from-the-future-tells-nothing.md).
import type { CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';
import type { Membership } from '../membership/membership';
import type { Store } from '../store/store';
import type { WriteLog } from '../store/write-log';
import type { StampClock } from '../version/stamp-clock';
import { Adopting } from './adopting';
import type { Author } from './author';
import type { ExpectedCluster } from './expected-cluster';
import { Others } from './others';
import { Restamping, type RestampingEvents } from './restamping';
import { StampGate } from './stamp-gate';

export interface TrueStampsParts {
  readonly store: Store;
  readonly log: WriteLog;
  readonly clock: StampClock;
  readonly membership: Membership;
  readonly cluster: ExpectedCluster;
  readonly stage: Stage;
}

export interface TrueStampsEvents extends RestampingEvents {
  /** Who goes by the stamps that were told may take what is newer for older. */
  readonly wentBack: () => void;
}

export class TrueStamps {
  readonly gate: StampGate;
  private hasGoneBack = false;
  private readonly restamping: Restamping;
  private readonly adopting: Adopting;

  constructor(
    { store, log, clock, membership, cluster, stage }: TrueStampsParts,
    settings: CoreSettings,
    author: Author,
    private readonly events: TrueStampsEvents,
  ) {
    const { restamped, decided } = events;
    const shared = { store, log, clock, stage, others: new Others(membership, cluster) };
    const { grounds } = author;
    const adopting = new Adopting({ ...shared, membership }, settings, { restamped, decided });
    this.adopting = adopting;
    this.restamping = new Restamping({ ...shared, author }, settings, {
      restamped,
      decided: () => {
        decided();
        adopting.begin();
      },
    });
    const { restamping } = this;
    this.gate = new StampGate({ store, clock, grounds, restamping, stage }, settings.clockOffsetMaxMs);
  }

  /** The store took a version with a smaller stamp than the one before. */
  wentBack(): void {
    this.hasGoneBack = true;
  }

  /** A member is gone, and with it whoever would restamp its writes. */
  gone(): void {
    this.adopting.gone();
  }

  tick(): void {
    this.restamping.tick();
    this.adopting.tick();
    if (!this.hasGoneBack) return;
    this.hasGoneBack = false;
    this.events.wentBack();
  }

  nextDeadlineMs(): number {
    return Math.min(this.restamping.nextDeadlineMs(), this.adopting.nextDeadlineMs());
  }
}
