// A line between two hosts that carries so much at a time and loses packets: one direction of it,
// for all links between them. What is lost of a stream is sent again, and what is behind it waits.
import type { Prng } from './prng';

export interface LinePlan {
  readonly bytesPerMs: number;
  /** Of a packet. */
  readonly lossRate: number;
  /** How long a stream stands still for a packet that was lost. */
  readonly resentAfterMs: readonly [number, number];
}

const PACKET_BYTES = 1400;

export class Line {
  private freeAtMs = 0;

  constructor(
    private readonly plan: LinePlan,
    private readonly prng: Prng,
  ) {}

  /** When the last packet of so many bytes has left it, and how long its stream stood still. */
  passes(bytes: number, nowMs: number): { leftAtMs: number; stoodMs: number } {
    const { bytesPerMs, lossRate, resentAfterMs } = this.plan;
    this.freeAtMs = Math.max(this.freeAtMs, nowMs) + bytes / bytesPerMs;
    let stoodMs = 0;
    for (let sent = 0; sent < bytes; sent += PACKET_BYTES)
      if (this.prng.chance(lossRate)) stoodMs += this.prng.between(...resentAfterMs);
    return { leftAtMs: this.freeAtMs, stoodMs };
  }
}
