// What one peer has been sent by this node and not acknowledged yet. A peer whose oldest
// unacknowledged write is older than its window is lagging: writes stop waiting for it until it has
// caught up. So a hung peer costs one window once.
import type { NodeId } from '../base/identity';
import { TIMING } from '../base/settings';
import { Damped } from './damped';
import type { PendingWrite } from './pending-write';

/** Large values take longer for good reasons: their window grows by their size over this speed. */
const BYTES_PER_MS = 50_000;

/** Same host 50 ms; other hosts 1.5 smoothed round trips within 20 to 250 ms. */
export function ackWindowMs(sameHost: boolean, srttMs: number | null): number {
  if (sameHost) return TIMING.ackWindowLocalMs;
  const wanted = 1.5 * (srttMs ?? TIMING.ackWindowRemoteMaxMs);
  return Math.min(TIMING.ackWindowRemoteMaxMs, Math.max(TIMING.ackWindowRemoteMinMs, wanted));
}

interface Sent {
  readonly write: PendingWrite;
  sentAtMs: number;
  /** The member that relays it; null = sent directly. */
  via: NodeId | null;
  /** The write waits for this peer. */
  isAwaited: boolean;
  /** This peer may still give the write its quorum. */
  isHopedFor: boolean;
}

export class AckWindow {
  lagging = false;
  /** Lagging, and nothing at all comes from it: nobody hopes for its acknowledgements. */
  silent = false;
  /** Which of its lags are told. */
  readonly tells = new Damped(TIMING.lagToldMs);
  /** When the peer last acknowledged anything. */
  acknowledgedAtMs = -Infinity;
  private readonly unacked = new Map<number, Sent>();
  /** Those of them that a relay is to pass on. */
  private readonly relayed = new Map<number, Sent>();
  /** Time this node itself was paused; a write's age does not count it. */
  private forgivenUntilMs = -Infinity;

  get size(): number {
    return this.unacked.size;
  }

  /** @param isFull nobody waits for a peer without room: it will most likely refuse */
  add(seq: number, write: PendingWrite, via: NodeId | null = null, isFull = false): void {
    const isAwaited = !this.lagging && !isFull;
    const isHopedFor = !this.silent;
    const sent = { write, sentAtMs: write.facts.startedAtMs, via, isAwaited, isHopedFor };
    this.unacked.set(seq, sent);
    if (via !== null) this.relayed.set(seq, sent);
    if (isAwaited) write.awaited += 1;
    if (isHopedFor) write.outstanding += 1;
  }

  /** Takes the write off, null when it was not waiting here. */
  take(seq: number): PendingWrite | null {
    const sent = this.unacked.get(seq);
    if (sent === undefined) return null;
    this.unacked.delete(seq);
    this.relayed.delete(seq);
    if (sent.isAwaited) sent.write.awaited -= 1;
    if (sent.isHopedFor) sent.write.outstanding -= 1;
    return sent.write;
  }

  /** The number of the oldest write that may still be under way; Infinity when there is none. */
  firstUnacked(): number {
    for (const seq of this.unacked.keys()) return seq;
    return Infinity;
  }

  /**
   * Who relays the write that `deadlineMs` speaks of; null when it was sent directly or there is
   * none.
   */
  get oldestVia(): NodeId | null {
    return this.oldest()?.via ?? null;
  }

  /**
   * When the oldest write goes around its relay unless it is acknowledged, or the peer becomes
   * lagging where it was sent directly. Of a lagging peer only what is relayed; Infinity when there
   * is none.
   */
  deadlineMs(windowMs: number): number {
    const oldest = this.oldest();
    if (oldest === null) return Infinity;
    const { write, sentAtMs, via } = oldest;
    const relayMs = via === null ? 0 : TIMING.ackWindowLocalMs;
    return (
      Math.max(sentAtMs, this.forgivenUntilMs) + windowMs + relayMs + write.facts.valueBytes / BYTES_PER_MS
    );
  }

  /**
   * What waits for that relay since `sinceMs` or longer counts as sent directly from now on;
   * returns its numbers, ascending.
   */
  reroute(via: NodeId, nowMs: number, sinceMs: number): number[] {
    const seqs: number[] = [];
    for (const [seq, sent] of this.relayed) {
      if (sent.via !== via || sent.sentAtMs > sinceMs) continue;
      this.relayed.delete(seq);
      sent.via = null;
      sent.sentAtMs = nowMs;
      seqs.push(seq);
    }
    return seqs;
  }

  /** Writes stop waiting for this peer; returns them for a new verdict. */
  markLagging(): PendingWrite[] {
    this.lagging = true;
    return [...this.unacked.values()].map((sent) => {
      if (sent.isAwaited) sent.write.awaited -= 1;
      sent.isAwaited = false;
      return sent.write;
    });
  }

  /**
   * When a lagging peer that was heard at `heardAtMs` is given up for silent; Infinity when it is,
   * or does not lag.
   */
  silentAtMs(heardAtMs: number): number {
    if (!this.lagging || this.silent) return Infinity;
    for (const { write } of this.unacked.values())
      return Math.max(write.facts.startedAtMs, heardAtMs, this.forgivenUntilMs) + TIMING.peerSilentMs;
    return Infinity;
  }

  /** Writes stop hoping for this peer until it is heard again; returns them for a new verdict. */
  markSilent(): PendingWrite[] {
    this.silent = true;
    return [...this.unacked.values()].map((sent) => {
      if (sent.isHopedFor) sent.write.outstanding -= 1;
      sent.isHopedFor = false;
      return sent.write;
    });
  }

  /** True when a lagging peer owes nothing any more. */
  caughtUp(): boolean {
    if (!this.lagging || this.unacked.size > 0) return false;
    this.lagging = false;
    return true;
  }

  /** This node was paused: nothing before now is held against the peer. */
  forgive(monoMs: number): void {
    this.forgivenUntilMs = monoMs;
  }

  /** Writes older than `beforeMs` will not be acknowledged any more; returns those given up. */
  abandon(beforeMs: number): PendingWrite[] {
    const given: PendingWrite[] = [];
    for (const [seq, { write }] of this.unacked) {
      if (write.facts.startedAtMs >= beforeMs) break;
      this.take(seq);
      given.push(write);
    }
    return given;
  }

  clear(): PendingWrite[] {
    const given = this.abandon(Infinity);
    this.lagging = false;
    this.silent = false;
    this.tells.ended();
    return given;
  }

  private oldest(): Sent | null {
    for (const sent of (this.lagging ? this.relayed : this.unacked).values()) return sent;
    return null;
  }
}
