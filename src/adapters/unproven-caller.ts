// A caller that has not proven anything yet: how long it may take, and the place that it has
// meanwhile.
import type { Socket } from 'node:net';
import type { Endpoint } from '../core/base/identity';
import type { Slot } from './unproven-slots';

export class UnprovenCaller {
  private readonly endsAtMs: number;
  private timer: NodeJS.Timeout | null = null;
  private ended = false;

  constructor(
    readonly endpoint: Endpoint,
    readonly socket: Socket,
    limitMs: number,
    private readonly slot: Slot,
    private readonly onEnd: () => void,
  ) {
    this.endsAtMs = performance.now() + limitMs;
    socket.once('close', () => this.end());
  }

  get leftMs(): number {
    return Math.max(1, this.endsAtMs - performance.now());
  }

  /** Until the greeting, which minds the time itself. */
  waitForGreeting(onLate: () => void): void {
    this.timer = setTimeout(onLate, this.leftMs);
  }

  greets(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** It knows the key of its channel. */
  knowsKey(): void {
    this.slot.keep();
  }

  /** Proven, or gone. */
  end(): void {
    this.greets();
    if (this.ended) return;
    this.ended = true;
    this.slot.release();
    this.onEnd();
  }
}
