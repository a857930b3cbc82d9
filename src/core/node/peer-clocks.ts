// What the peers' clocks tell this node about its own (version/stamp-clock.ts decides what comes of
// it).
import type { Member } from '../peer/member';
import { isLoopback } from '../membership/address-rules';
import type { Membership } from '../membership/membership';
import { isProven } from '../membership/remembrance';
import type { StampClock } from '../version/stamp-clock';
import type { Status } from '../wire/messages';
import type { Stage } from '../base/stage';

/** What a member tells of its clock is looked at anew when it differs by so much. */
const TOLD_STEP_MS = 1000;
const SAMPLE_SLACK_MS = 5;
/**
 * Nor may half a round trip, which is how far off a sample can be, exceed this share of the offset
 * allowed.
 */
const ERROR_SHARE = 0.1;

export class PeerClocks {
  private toldMs = 0;
  /** Most of those that are there have told the time since somebody did. */
  private haveSpoken = false;

  constructor(
    private readonly membership: Membership,
    private readonly clock: StampClock,
    private readonly stage: Stage,
    private readonly offsetMaxMs: number,
    /** Whether the member runs on another machine, as far as is known. */
    private readonly isElsewhere: (member: Member) => boolean,
  ) {}

  /** Another process of this machine knows which times their common clock has shown before. */
  told(member: Member, { lines, wallMs }: Status): void {
    const { self } = this.membership;
    const { monoMs } = this.stage.now;
    if (lines.length > 0 && this.membership.sameHost(member.identity) && isLoopback(member.address, self))
      this.clock.learn(lines, this.stage.now);
    const isNew = member.toldClockBaseMs === null || this.hasMoved(member.toldClockBaseMs, wallMs - monoMs);
    if (!isNew) return;
    member.toldClockBaseMs = wallMs - monoMs;
    this.adjust();
  }

  private hasMoved(baseMs: number, toBaseMs: number): boolean {
    return Math.abs(baseMs - toBaseMs) > TOLD_STEP_MS;
  }

  /**
   * A status answered a ping of `roundTripMs` ago. A delayed one may be off by half its delay: only
   * the fastest tell the time (the clock filter of RFC 5905).
   */
  measured(member: Member, { wallMs }: Status, roundTripMs: number): void {
    const errorMaxMs = this.offsetMaxMs * ERROR_SHARE;
    if (roundTripMs <= 2 * Math.min(member.roundTrip.minMs, errorMaxMs) + SAMPLE_SLACK_MS)
      member.clockBaseMs = wallMs + roundTripMs / 2 - this.stage.now.monoMs;
    // Whether the sample is good or not: the member may have come off probation with it.
    this.adjust();
  }

  /**
   * The wall clock was set, and that of the neighbours with it: what was measured of them is no
   * longer true.
   */
  wasSet(): void {
    for (const member of this.membership.all()) {
      if (this.isElsewhere(member)) continue;
      member.clockBaseMs = null;
      member.toldClockBaseMs = null;
    }
    this.adjust();
  }

  /**
   * A member is gone, and what it said of the time with it: nobody else may be there to be
   * measured.
   */
  gone(): void {
    this.adjust();
  }

  private adjust(): void {
    const all: number[] = [];
    const elsewhere: number[] = [];
    const newElsewhere: number[] = [];
    const known: number[] = [];
    let unheard = 0;
    for (const member of this.membership.active()) {
      const { clockBaseMs, toldClockBaseMs, link } = member;
      const knownBaseMs = clockBaseMs ?? toldClockBaseMs;
      if (knownBaseMs !== null) known.push(knownBaseMs);
      const isHeard = clockBaseMs !== null && isProven(member);
      if (!isHeard && link !== null) unheard += 1;
      if (clockBaseMs === null) continue;
      if (isHeard) all.push(clockBaseMs);
      if (this.isElsewhere(member)) (isHeard ? elsewhere : newElsewhere).push(clockBaseMs);
    }
    // A few of many may be just those that are wrong: until most have had their say nobody corrects
    // this clock. Once they have, newcomers take that from nobody. Among the times that it has
    // shown itself newcomers may choose as well, where there is nobody else to ask.
    this.haveSpoken = unheard < all.length || (this.haveSpoken && all.length > 0);
    const corrects = this.haveSpoken ? all : [];
    this.clock.agree(corrects, elsewhere.length > 0 ? elsewhere : newElsewhere, known);
    const offsetMs = Math.round(this.clock.offsetMs);
    if ((offsetMs === 0) !== (this.toldMs === 0)) this.stage.sink.notify({ kind: 'clock-offset', offsetMs });
    this.toldMs = offsetMs;
  }
}
