// Our record about another node.
import { ComparisonPace } from '../anti-entropy/comparison-pace';
import { Reception } from '../anti-entropy/reception';
import type { Link } from '../dissemination/link';
import { OffsetFilter } from '../dissemination/offset-filter';
import type { MemberState } from '../node/report';
import { AckWindow } from '../replication/ack-window';
import type { Status } from '../wire/messages';
import type { NodeId, NodeIdentity } from './identity';
import { RoundTrip } from './round-trip';
import type { Suspicion } from './suspicion';

export class Member {
  state: MemberState = 'alive';
  stateSinceMs: number;
  suspicion: Suspicion | null = null;
  link: Link | null = null;
  /** Links in a row that went down right after they came up. */
  briefLinks = 0;
  lastSeenMs: number | null = null;
  status: Status | null = null;
  /** Its wall clock minus our monotonic one, milliseconds; null until measured. */
  clockBaseMs: number | null = null;
  readonly roundTrip = new RoundTrip();
  /** Outlives links: the two clocks stay the same two clocks. */
  readonly offset = new OffsetFilter();
  readonly window = new AckWindow();
  /** Which of its writes are here. */
  readonly reception = new Reception();
  /** How much it has told to hold of each origin's writes. */
  readonly marks = new Map<NodeId, number>();
  readonly comparing = new ComparisonPace();
  /** When the last whole view was sent to it. */
  viewSentAtMs = -Infinity;

  constructor(
    public identity: NodeIdentity,
    /** The address this node uses for it. */
    public address: string,
    public incarnation: number,
    nowMs: number,
  ) {
    this.stateSinceMs = nowMs;
  }

  get id(): string {
    return this.identity.id;
  }

  /** Counts as part of the cluster now. */
  get isActive(): boolean {
    return this.state === 'alive' || this.state === 'suspect';
  }

  seenSince(sinceMs: number): boolean {
    return this.lastSeenMs !== null && this.lastSeenMs >= sinceMs;
  }
}
