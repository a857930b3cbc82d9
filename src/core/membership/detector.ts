// The failure detector: SWIM's probe rounds (Das et al. 2002, section 3) over the links. One member
// per interval, in shuffled round-robin order; no ack within the timeout asks k others to probe it;
// silence until the end of the interval makes it a suspect. Anything received from a member during
// its round counts as an ack. Lifeguard's nacks tell "the target is silent" from "I am deaf".
import type { Prng } from '../base/prng';
import { TIMING } from '../base/settings';
import type { Awareness } from './awareness';
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from './membership';

export interface DetectorPort {
  ping(member: Member, seq: number): void;
  pingRequest(relay: Member, seq: number, target: NodeId): void;
  pingRequestAnswer(asker: Member, seq: number, reached: boolean): void;
  suspect(member: Member): void;
  /** Others reach it, and its link brought nothing during a whole round. */
  silent(member: Member): void;
}

interface Round {
  readonly target: NodeId;
  readonly seq: number;
  readonly startedAtMs: number;
  readonly timeoutAtMs: number;
  readonly endAtMs: number;
  asked: number;
  nacks: number;
  acked: boolean;
  /** Another node got an ack of it. */
  reached: boolean;
}

interface Relay {
  readonly asker: NodeId;
  readonly askerSeq: number;
  readonly deadlineMs: number;
}

/** Probes under way for others; who asks for more is told "not reached". */
const RELAYS_MAX = 128;
/** Pings whose acks are awaited. */
const PINGS_MAX = 256;

export class Detector {
  private round: Round | null = null;
  private nextRoundAtMs: number;
  private order: NodeId[] = [];
  private seq = 0;
  private readonly pings = new Map<number, { readonly to: NodeId; readonly atMs: number }>();
  private readonly relays = new Map<number, Relay>();

  constructor(
    private readonly membership: Membership,
    private readonly awareness: Awareness,
    private readonly prng: Prng,
    private readonly port: DetectorPort,
    nowMs: number,
  ) {
    this.nextRoundAtMs = nowMs + prng.below(TIMING.probeIntervalLocalMs);
  }

  tick(nowMs: number): void {
    for (const [seq, relay] of this.relays) {
      if (nowMs < relay.deadlineMs) continue;
      this.relays.delete(seq);
      this.answer(relay, false);
    }
    const round = this.round;
    if (round !== null && nowMs >= round.timeoutAtMs && round.asked === 0) this.askOthers(round);
    if (round !== null && nowMs >= round.endAtMs) this.finish(round);
    if (this.round === null && nowMs >= this.nextRoundAtMs) this.start(nowMs);
  }

  nextDeadlineMs(): number {
    let next = this.round === null ? this.nextRoundAtMs : this.round.endAtMs;
    if (this.round?.asked === 0) next = Math.min(next, this.round.timeoutAtMs);
    for (const relay of this.relays.values()) next = Math.min(next, relay.deadlineMs);
    return next;
  }

  /** Pings outside the rounds (a fresh link); its ack measures the round trip like any other. */
  pingNow(member: Member, nowMs: number): void {
    this.ping(member, nowMs);
  }

  /** An ack arrived; returns the round trip in milliseconds when this ping was still awaited. */
  acked(from: NodeId, seq: number, nowMs: number): number | null {
    const ping = this.pings.get(seq);
    if (ping?.to !== from) return null;
    this.pings.delete(seq);
    const member = this.membership.get(from);
    if (member !== undefined) member.pingedAtMs = Infinity;
    const relay = this.relays.get(seq);
    if (relay !== undefined) {
      this.relays.delete(seq);
      this.answer(relay, true);
    }
    if (this.round?.seq === seq) this.round.acked = true;
    return nowMs - ping.atMs;
  }

  asked(asker: Member, seq: number, target: NodeId, nowMs: number): void {
    const member = this.membership.get(target);
    if (member?.link === undefined || member.link === null || this.relays.size >= RELAYS_MAX) {
      this.port.pingRequestAnswer(asker, seq, false);
      return;
    }
    const deadlineMs = nowMs + 0.8 * member.roundTrip.probeTimeoutMs();
    this.relays.set(this.ping(member, nowMs), { asker: asker.id, askerSeq: seq, deadlineMs });
  }

  answered(seq: number, reached: boolean): void {
    if (this.round?.seq !== seq) return;
    if (reached) this.round.reached = true;
    else this.round.nacks += 1;
  }

  /** This node was late itself: what it did not hear in that time proves nothing. */
  discardRound(nowMs: number): void {
    this.round = null;
    this.pings.clear();
    for (const member of this.membership.all()) member.pingedAtMs = Infinity;
    this.nextRoundAtMs = nowMs;
  }

  /** Pings everyone at once, outside the rounds. */
  pingAll(nowMs: number): void {
    for (const member of this.membership.active()) if (member.link !== null) this.ping(member, nowMs);
  }

  private start(nowMs: number): void {
    const member = this.choose();
    this.nextRoundAtMs = nowMs + TIMING.probeIntervalLocalMs;
    if (member === null) return;
    const local = this.membership.sameHost(member.identity);
    const base = local ? TIMING.probeIntervalLocalMs : TIMING.probeIntervalRemoteMs;
    const timeoutMs = member.roundTrip.probeTimeoutMs() * this.awareness.factor;
    const intervalMs = Math.max(base * this.awareness.factor, timeoutMs);
    this.round = {
      target: member.id,
      seq: this.ping(member, nowMs),
      startedAtMs: nowMs,
      timeoutAtMs: member.link === null ? nowMs : nowMs + timeoutMs,
      endAtMs: nowMs + intervalMs,
      asked: 0,
      nacks: 0,
      acked: false,
      reached: false,
    };
    this.nextRoundAtMs = this.round.endAtMs;
  }

  private choose(): Member | null {
    for (let tries = 0; tries < 2; tries += 1) {
      while (this.order.length > 0) {
        const member = this.membership.get(this.order.pop() as NodeId);
        if (member?.isActive === true) return member;
      }
      this.order = this.prng.shuffle([...this.membership.active()].map((member) => member.id));
    }
    return null;
  }

  private askOthers(round: Round): void {
    round.asked = -1;
    const target = this.membership.get(round.target);
    if (target === undefined || this.hasProof(round, target)) return;
    const others = [...this.membership.active()].filter((m) => m.id !== round.target && m.link !== null);
    const relays = this.prng.shuffle(others).slice(0, TIMING.indirectProbes);
    for (const relay of relays) this.port.pingRequest(relay, round.seq, round.target);
    if (relays.length > 0) round.asked = relays.length;
  }

  private finish(round: Round): void {
    this.round = null;
    const target = this.membership.get(round.target);
    if (target?.isActive !== true) return;
    if (round.reached) target.isReached = true;
    if (this.hasProof(round, target)) {
      this.awareness.improve();
      if (!this.hasAnswered(round, target) && target.link !== null) this.port.silent(target);
      return;
    }
    this.awareness.worsen(round.asked > 0 ? Math.max(0, round.asked - round.nacks) : 1);
    target.unansweredSinceMs = round.startedAtMs;
    this.port.suspect(target);
  }

  private hasProof(round: Round, target: Member): boolean {
    return round.reached || this.hasAnswered(round, target);
  }

  private hasAnswered(round: Round, target: Member): boolean {
    return round.acked || target.seenSince(round.startedAtMs);
  }

  private ping(member: Member, nowMs: number): number {
    this.seq += 1;
    if (this.pings.size >= PINGS_MAX) this.pings.clear();
    this.pings.set(this.seq, { to: member.id, atMs: nowMs });
    if (member.link !== null) member.pingedAtMs = Math.min(member.pingedAtMs, nowMs);
    this.port.ping(member, this.seq);
    return this.seq;
  }

  private answer(relay: Relay, reached: boolean): void {
    const asker = this.membership.get(relay.asker);
    if (asker !== undefined) this.port.pingRequestAnswer(asker, relay.askerSeq, reached);
  }
}
