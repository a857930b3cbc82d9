// Puts one node together, from the store upwards. Each part is complete when it is made and knows
// only parts made before it. The other direction is events: what membership, the detector and the
// links report is wired here, and comes only within a call of the core, when all parts stand.
import { Donor } from '../anti-entropy/donor';
import { Repair } from '../anti-entropy/repair';
import { Untaken } from '../anti-entropy/untaken';
import { Unfilled } from '../anti-entropy/unfilled';
import type { SelfIdentity } from '../base/identity';
import type { Now } from '../base/now';
import { Prng } from '../base/prng';
import type { CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';
import { Changes, type Unsure } from '../changes/changes';
import { Greeter, type GreeterPort } from '../discovery/greeter';
import { Awareness } from '../membership/awareness';
import { Detector, type DetectorPort } from '../membership/detector';
import { Membership } from '../membership/membership';
import type { MembershipEvents } from '../membership/membership-events';
import { Departed } from '../peer/departed';
import type { Member } from '../peer/member';
import { Author } from '../replication/author';
import { Coordinator } from '../replication/coordinator';
import { Delivery } from '../replication/delivery';
import { ExpectedCluster } from '../replication/expected-cluster';
import { Fetches } from '../replication/fetches';
import { Intake } from '../replication/intake';
import { QuorumWatch } from '../replication/quorum-watch';
import { Standing } from '../replication/standing';
import { Step } from '../replication/step';
import { TrueStamps } from '../replication/true-stamps';
import { FetchAnswers, ValueMessages } from '../replication/value-messages';
import { outcomeOf, WriteTracker } from '../replication/write-tracker';
import type { Ended, Entry } from '../store/entry';
import { Fullness } from '../store/fullness';
import { Store } from '../store/store';
import { WriteLog } from '../store/write-log';
import { StampClock } from '../version/stamp-clock';
import { Contacts } from './contacts';
import { Frames, Messages } from './frames';
import { Heartbeat, OwnStatus } from './heartbeat';
import { Links } from './links';
import { LoadFigures } from './load-figures';
import { Losses } from './losses';
import { MemberMessages } from './member-messages';
import { PeerClocks } from './peer-clocks';
import { RepairMessages } from './repair-messages';
import { SharedWrites } from './shared-writes';

export interface CoreNodeOptions {
  readonly settings: CoreSettings;
  readonly identity: SelfIdentity;
  /** 32-bit seed of everything random in this node. */
  readonly seed: number;
  readonly now: Now;
  /**
   * Called for each value whose deadline was reached, within a call. Must not call back into the
   * core, and look at what it is given before it returns.
   */
  readonly onEnded?: (ended: Ended) => void;
  /** The same for a version that was over when it came, and that nobody may know of here. */
  readonly onCameOver?: (ended: Ended) => void;
  /**
   * Called for each version that became readable, own or replicated, here or where there is room
   * for it; must not call back into the core.
   */
  readonly onStored?: (entry: Entry) => void;
  /**
   * Called when those who were told of all changes may have missed something; must not call back
   * into the core.
   */
  readonly onUnsure?: (why: Unsure) => void;
}

export class Parts {
  readonly store: Store;
  readonly fullness: Fullness;
  readonly log = new WriteLog();
  readonly clock: StampClock;
  readonly awareness = new Awareness();
  readonly untaken = new Untaken();
  readonly links: Links;
  readonly membership: Membership;
  readonly load: LoadFigures;
  readonly clocks: PeerClocks;
  readonly detector: Detector;
  readonly greeter: Greeter;
  readonly cluster: ExpectedCluster;
  readonly tracker: WriteTracker;
  readonly delivery: Delivery;
  readonly coordinator: Coordinator;
  readonly trueStamps: TrueStamps;
  readonly intake: Intake;
  readonly repair: Repair;
  readonly step: Step;
  readonly standing: Standing;
  readonly fetches: Fetches;
  readonly losses: Losses;
  readonly changes: Changes;
  readonly heartbeat: Heartbeat;
  readonly contacts: Contacts;
  readonly frames: Frames;

  constructor(
    private readonly options: CoreNodeOptions,
    private readonly stage: Stage,
  ) {
    const { settings, identity, seed, now, onEnded, onStored, onCameOver } = options;
    const prng = new Prng(seed);
    const wentBack = (): void => {
      this.trueStamps.wentBack();
    };
    const watchers = { ended: onEnded, stored: onStored, cameOver: onCameOver, wentBack };
    this.store = new Store(settings, watchers, seed, now.monoMs);
    this.fullness = this.makeFullness(settings);
    this.clock = new StampClock(settings.clockOffsetMaxMs, settings.ttlMaxMs, now);
    this.links = new Links(identity, settings, stage, (link) => {
      this.losses.dropped(link);
    });
    this.membership = this.makeMembership(identity);
    this.step = new Step(this.membership);
    this.load = new LoadFigures(this.store, this.membership, settings.storageBytesMax);
    const { store, fullness, log, clock, links, membership } = this;

    const isElsewhere = (member: Member): boolean => this.cluster.isElsewhere(member.identity);
    this.clocks = new PeerClocks(membership, clock, stage, settings.clockOffsetMaxMs, isElsewhere);
    this.detector = new Detector(membership, this.awareness, prng, this.detectorPort(), now.monoMs);
    this.greeter = this.makeGreeter(settings, prng, now);
    const { greeter, detector } = this;
    const unfilled = this.makeUnfilled(settings, now);
    const isUnfilled = (): boolean => unfilled.isSo(stage.lastMs);
    this.cluster = new ExpectedCluster(identity, settings, membership, isUnfilled);
    this.repair = this.makeRepair(unfilled, prng, now);
    const { cluster, repair } = this;

    this.tracker = this.makeTracker(settings);
    const { tracker } = this;
    this.delivery = new Delivery({ store, log, membership, cluster, tracker, stage });
    const { delivery } = this;
    const author = new Author(identity, store, log, clock, stage);
    this.trueStamps = this.makeTrueStamps(settings, author);
    const { gate } = this.trueStamps;
    this.coordinator = new Coordinator(author, delivery, cluster, membership, fullness, stage);
    this.intake = new Intake(store, fullness, gate, this.untaken, membership, stage);
    this.standing = new Standing({ store, cluster, fullness, gate, repair, step: this.step });
    const { standing } = this;
    this.fetches = new Fetches({ store, standing, membership, prng, stage });

    this.losses = new Losses({ links, membership, delivery, repair, greeter, stage });
    const load = this.load.now.bind(this.load);
    const status = new OwnStatus({ store, log, fullness, clock, repair, load });
    const shared = new SharedWrites(store, log, cluster);
    this.heartbeat = new Heartbeat(status, shared, membership, this.clocks, repair, stage);
    this.contacts = new Contacts(identity, links, membership, greeter, detector, stage);

    this.changes = this.makeChanges(settings);
    this.frames = this.makeFrames(identity);
  }

  private makeFullness({ storageBytesMax }: CoreSettings): Fullness {
    return new Fullness(this.store, storageBytesMax, () => {
      this.options.onUnsure?.('storage-full');
    });
  }

  private makeMembership(identity: SelfIdentity): Membership {
    const departed = new Departed((origin) => this.store.holdsOrigin(origin));
    return new Membership(identity, this.membershipEvents(), departed);
  }

  private makeChanges({ clockOffsetMaxMs }: CoreSettings): Changes {
    const { store, log, membership, fullness, repair, clock } = this;
    return new Changes({ store, log, membership, fullness, repair, clock }, clockOffsetMaxMs);
  }

  private makeGreeter(settings: CoreSettings, prng: Prng, now: Now): Greeter {
    const { membership } = this;
    const { awaitedSources } = settings;
    return new Greeter(membership.self, membership, prng, this.greeterPort(), now.monoMs, awaitedSources);
  }

  private makeRepair(unfilled: Unfilled, prng: Prng, now: Now): Repair {
    const { membership, store, fullness, greeter, stage } = this;
    const hasAskedEverywhere = (): boolean => {
      const { monoMs } = stage.now;
      return greeter.firstRoundsDone(monoMs) && !unfilled.keepsFromReady(monoMs);
    };
    const { untaken } = this;
    const joining = { membership, prng, fullness, hasAskedEverywhere, unfilled, untaken };
    return new Repair({ ...joining, store, stage }, now.monoMs);
  }

  private makeUnfilled({ inherited = null, ttlMaxMs }: CoreSettings, now: Now): Unfilled {
    const lacksExpected = (): boolean => this.cluster.lacksOtherHosts;
    const lacksOthers = (): boolean => lacksExpected() || this.greeter.lacksConfigured;
    return new Unfilled({ inherited, ttlMaxMs, lacksOthers, lacksExpected }, now.monoMs);
  }

  private makeTrueStamps(settings: CoreSettings, author: Author): TrueStamps {
    const { store, log, clock, stage, membership, cluster } = this;
    const wentBack = (): void => {
      this.changes.restamped(stage.now);
      this.options.onUnsure?.('clock-corrected');
    };
    return new TrueStamps({ store, log, clock, membership, cluster, stage }, settings, author, {
      wentBack,
      restamped: (writes) => {
        stage.sink.notify({ kind: 'writes-restamped', writes });
        wentBack();
      },
      decided: () => {
        this.repair.compareAll();
      },
    });
  }

  private makeFrames({ id }: SelfIdentity): Frames {
    const { store, log, links, membership, detector, repair, delivery, intake, fetches, stage } = this;
    const { gate } = this.trueStamps;
    const answers = new FetchAnswers(store, this.standing, stage);
    const messages = new Messages(
      new MemberMessages(this.heartbeat, detector, membership, stage),
      new ValueMessages({ intake, gate, delivery, fetches, answers, membership }),
      new RepairMessages(repair, new Donor(id, store, log), intake, store, stage),
      fetches,
      stage,
    );
    return new Frames(messages, links, membership, delivery, detector, stage);
  }

  private makeTracker({ writeTimeoutMs }: CoreSettings): WriteTracker {
    const quorumWatch = new QuorumWatch(this.stage);
    return new WriteTracker(writeTimeoutMs, (write, kind) => {
      this.stage.sink.settlePut(write.facts.requestId, outcomeOf(write, kind));
      quorumWatch.settled(write, kind);
    });
  }

  private membershipEvents(): MembershipEvents {
    return {
      notify: (notification) => {
        this.stage.sink.notify(notification);
      },
      gone: (member, reason) => {
        this.losses.gone(member, reason);
        this.step.ended(member, this.stage.now.monoMs);
        this.clocks.gone();
        this.trueStamps.gone();
      },
      heardOf: (identity, address) => {
        this.greeter.contact(identity, address, this.stage.now.monoMs);
      },
      accused: (member, entry) => {
        member.link?.say({ type: 'view', entries: [entry] });
      },
      refuted: (member) => {
        this.losses.refuted(member);
      },
      selfAccused: () => {
        this.awareness.worsen();
      },
    };
  }

  private detectorPort(): DetectorPort {
    return {
      ping: (member, seq) => {
        if (member.link !== null) this.heartbeat.say(member.link, 'ping', seq);
      },
      pingRequest: (relay, seq, target) => {
        relay.link?.say({ type: 'pingRequest', seq, target });
      },
      pingRequestAnswer: (asker, seq, reached) => {
        asker.link?.say({ type: 'pingRequestAnswer', seq, reached });
      },
      suspect: (member) => {
        const { membership, stage } = this;
        membership.suspect(member, membership.self.id, member.incarnation, stage.now.monoMs);
      },
      silent: (member) => {
        this.losses.silent(member);
      },
    };
  }

  private greeterPort(): GreeterPort {
    return {
      probe: (endpoint) => {
        this.stage.sink.probe(endpoint);
      },
      dial: (endpoint) => {
        this.stage.sink.dial(endpoint);
      },
      ignored: (endpoint, reason) => {
        this.stage.sink.notify({ kind: 'candidate-ignored', endpoint, reason });
      },
    };
  }
}
