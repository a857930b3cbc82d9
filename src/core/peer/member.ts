// Our record about another node.
import { ComparisonPace } from './comparison-pace';
import { Hearsay } from './hearsay';
import { Reception } from './reception';
import type { Link } from '../links/link';
import { OffsetFilter } from './offset-filter';
import type { MemberState } from '../base/report';
import { TIMING } from '../base/settings';
import { AckWindow, ackWindowMs } from './ack-window';
import type { Status, ViewEntry } from '../wire/messages';
import type { NodeId, NodeIdentity } from '../base/identity';
import { RoundTrip } from './round-trip';
import type { Suspicion } from './suspicion';
import { ToldPlaces } from './told-places';

export class Member {
  state: MemberState = 'alive';
  stateSinceMs: number;
  suspicion: Suspicion | null = null;
  link: Link | null = null;
  /** Links in a row that went down right after they came up. */
  briefLinks = 0;
  lastSeenMs: number | null = null;
  /** When the last probe of this node began that it did not answer, nor anybody for it. */
  unansweredSinceMs: number | null = null;
  /** When the oldest ping was sent that it may still answer; Infinity when there is none. */
  pingedAtMs = Infinity;
  /** When something came from it last that had been under way for long. */
  slowAtMs = -Infinity;
  /** When it told last how it fares. */
  toldAtMs = -Infinity;
  /** For how long it was heard from directly, altogether. */
  livedMs = 0;
  /** Off probation: it counts for the quorum, alive or dead. */
  counts = false;
  /** What was told of it first was its end. */
  isToldDead = false;
  /** Others reached it when this node asked them to. */
  isReached = false;
  readonly hearsay = new Hearsay();
  /** Matters until it was linked. */
  readonly places = new ToldPlaces();
  status: Status | null = null;
  /** Its wall clock minus our monotonic one, milliseconds; null until measured. */
  clockBaseMs: number | null = null;
  /** The same as its last status told it, early by the time that took; measured or not. */
  toldClockBaseMs: number | null = null;
  readonly roundTrip = new RoundTrip();
  /** Outlives links: the two clocks stay the same two clocks. */
  readonly offset = new OffsetFilter();
  readonly window = new AckWindow();
  /** Which of its writes are here. */
  readonly reception = new Reception();
  /** How much it has told to hold of each origin's writes. */
  readonly marks = new Map<NodeId, number>();
  /** When it told each of these first. */
  readonly marksToldAtMs = new Map<NodeId, number>();
  /** Origins of which it told to hold more than was here then. */
  readonly ahead = new Set<NodeId>();
  /** When the last ping left that it has answered: it has told of all that it wrote until then. */
  countedAtMs = -Infinity;
  readonly comparing = new ComparisonPace();
  /** When the last whole view was sent to it. */
  viewSentAtMs = -Infinity;

  constructor(
    public identity: NodeIdentity,
    /** The address this node uses for it. */
    public address: string,
    public incarnation: number,
    /** When this node first knew of it. */
    readonly firstHeardMs: number,
  ) {
    this.stateSinceMs = firstHeardMs;
  }

  /** Alive, or dead for as long as it was said to be. */
  static toldOf(entry: ViewEntry, by: NodeId, nowMs: number): Member {
    const { identity, address, incarnation, state, sinceMs, direct } = entry;
    const member = new Member(identity, address, incarnation, nowMs);
    member.hearsay.told(by, state === 'dead' && direct);
    member.places.told(by, entry);
    if (state !== 'dead') return member;
    member.state = state;
    member.stateSinceMs = nowMs - sinceMs;
    member.isToldDead = true;
    return member;
  }

  get id(): string {
    return this.identity.id;
  }

  /** Where it may be: where it said that it is, or wherever it is said to be. */
  get whereabouts(): readonly NodeIdentity[] {
    return this.lastSeenMs === null ? [this.identity, ...this.places.believed] : [this.identity];
  }

  /** Counts as part of the cluster now. */
  get isActive(): boolean {
    return this.state === 'alive' || this.state === 'suspect';
  }

  /** Something came from it. */
  seen(nowMs: number): void {
    if (this.lastSeenMs !== null) this.livedMs += Math.min(nowMs - this.lastSeenMs, TIMING.linkSilentMs);
    this.lastSeenMs = nowMs;
  }

  /** A writer waits for its window, and half of that is for the way there. */
  wayMaxMs(isNeighbour: boolean): number {
    return ackWindowMs(isNeighbour, this.roundTrip.srttMs) / 2;
  }

  seenSince(sinceMs: number): boolean {
    return this.lastSeenMs !== null && this.lastSeenMs >= sinceMs;
  }
}
