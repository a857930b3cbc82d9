// What one node has done since it started, as plain numbers. Counting costs an addition. Code that
// shows the numbers reads them when asked. Nothing here is per key or per peer, so it never grows.
import type { PeerLinkCounters } from '../adapters/peer-links';
import type { PutOutcome } from './data-engine';

/**
 * Upper bounds of the duration classes, milliseconds, inclusive. One more class takes what is
 * longer.
 */
export const DURATION_BOUNDS_MS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

export interface DurationCounts {
  /** One number for each of DURATION_BOUNDS_MS and one for longer; not cumulative. */
  readonly classes: readonly number[];
  readonly sumMs: number;
}

export interface NodeCounters {
  readonly reads: number;
  /** Writes by how they ended. */
  readonly writes: Readonly<Record<PutOutcome['kind'], number>>;
  /** Copies known to exist when writes were answered, this node's own included. */
  readonly acks: number;
  /** From a write's arrival at the engine to its outcome. */
  readonly durations: Readonly<Record<'held' | 'stored', DurationCounts>>;
  /** Values whose deadline passed here. */
  readonly expired: number;
  readonly links: PeerLinkCounters & {
    readonly sentFrames: number;
    readonly sentBytes: number;
    readonly receivedFrames: number;
    readonly receivedBytes: number;
  };
}

class Durations {
  readonly classes = new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0);
  sumMs = 0;

  add(elapsedMs: number): void {
    let at = 0;
    while (at < DURATION_BOUNDS_MS.length && elapsedMs > DURATION_BOUNDS_MS[at]) at += 1;
    this.classes[at] += 1;
    this.sumMs += elapsedMs;
  }

  read(): DurationCounts {
    return { classes: [...this.classes], sumMs: this.sumMs };
  }
}

export class NodeTally {
  reads = 0;
  /** Writes that were answered, however. */
  puts = 0;
  expired = 0;
  private acks = 0;
  private readonly writes = { held: 0, stored: 0, full: 0, busy: 0, unstamped: 0, draining: 0, away: 0 };
  private readonly durations = { held: new Durations(), stored: new Durations() };
  private readonly frames = { sentFrames: 0, sentBytes: 0, receivedFrames: 0, receivedBytes: 0 };

  settled(outcome: PutOutcome, elapsedMs: number): void {
    this.puts += 1;
    this.writes[outcome.kind] += 1;
    if (outcome.kind !== 'held' && outcome.kind !== 'stored') return;
    this.acks += outcome.acks;
    this.durations[outcome.kind].add(elapsedMs);
  }

  sent(bytes: number): void {
    this.frames.sentFrames += 1;
    this.frames.sentBytes += bytes;
  }

  received(bytes: number): void {
    this.frames.receivedFrames += 1;
    this.frames.receivedBytes += bytes;
  }

  read(links: PeerLinkCounters): NodeCounters {
    const { reads, acks, expired, writes, durations, frames } = this;
    return {
      reads,
      acks,
      expired,
      writes: { ...writes },
      durations: { held: durations.held.read(), stored: durations.stored.read() },
      links: { ...links, ...frames },
    };
  }
}
