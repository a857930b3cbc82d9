// What one client occupies of the store: bytes, and bytes times the life they have left. Both fall
// by themselves, the one in steps as values expire, the other all the time.
//
// A write that replaces a value gives back the charge for the rest of the old life, if it was
// charged here. If it was charged elsewhere (to another client, or by another node) that charge
// goes on. So the new one is lessened by as much for as long: by a credit. All charges together are
// then what the store holds, whoever replaces what.
import { Staircase } from './staircase';

/** Finer than what Retry-After can say. */
const WAIT_PRECISION_SECONDS = 0.01;

export interface OccupancyLimits {
  readonly bytes: number;
  /** Bytes times seconds of remaining life. */
  readonly byteSeconds: number;
}

/** What a value takes of the store, and for how long from now on. */
export interface Charge {
  readonly bytes: number;
  readonly ttlSeconds: number;
}

/** A value that is to be stored, with what it would replace. */
export interface ChargedWrite extends Charge {
  readonly replaced: Charge | null;
}

/** Undoes what was done. */
export type Undo = () => void;

export class Occupancy {
  constructor(
    private readonly charges = new Staircase(),
    private readonly credits = new Staircase(),
  ) {}

  /** Charges a write, and gives back what it replaces. */
  charge(write: ChargedWrite, now: number): Undo {
    this.forget(now);
    const undo = this.giveBack(write, now);
    const deadline = now + write.ttlSeconds;
    this.charges.add(write.bytes, deadline);
    return () => {
      this.charges.take(write.bytes, deadline);
      undo();
    };
  }

  usedAt(now: number): OccupancyLimits {
    const life = this.charges.lifeAtMost(now) - this.credits.lifeAtLeast(now);
    return {
      bytes: Math.max(0, this.charges.bytesAtMost(now) - this.credits.bytesAtLeast(now)),
      byteSeconds: Math.max(0, life),
    };
  }

  /**
   * Seconds until the write fits into `limits` beside what is left then. 0 = now. Null = never,
   * because it is too much by itself. Nothing is charged.
   */
  waitSeconds(write: ChargedWrite, limits: OccupancyLimits, now: number): number | null {
    if (write.bytes > limits.bytes || write.bytes * write.ttlSeconds > limits.byteSeconds) return null;
    if (this.fitsBeside(write, limits, now)) return 0;
    const trial = new Occupancy(this.charges.copy(), this.credits.copy());
    trial.giveBack(write, now);
    return trial.waitFor(write, limits, now);
  }

  /** Whether it fits although nothing is given back. Most writes do, and are judged by this. */
  private fitsBeside({ bytes, ttlSeconds }: Charge, limits: OccupancyLimits, now: number): boolean {
    const { charges } = this;
    if (charges.bytesAtMost(now) + bytes > limits.bytes) return false;
    return charges.lifeAtMost(now) + bytes * ttlSeconds <= limits.byteSeconds;
  }

  private giveBack({ bytes, ttlSeconds, replaced }: ChargedWrite, now: number): Undo {
    if (replaced === null) return () => undefined;
    const oldDeadline = now + replaced.ttlSeconds;
    const own = this.charges.take(replaced.bytes, oldDeadline);
    // Of what others are charged for, what this write goes on to occupy.
    const others = Math.min(replaced.bytes - own, Math.max(0, bytes - own));
    const until = Math.min(oldDeadline, now + ttlSeconds);
    if (others > 0) this.credits.add(others, until);
    return () => {
      if (own > 0) this.charges.add(own, oldDeadline);
      if (others > 0) this.credits.take(others, until);
    };
  }

  private waitFor(more: Charge, limits: OccupancyLimits, now: number): number {
    const fits = (time: number): boolean => this.fitsAt(time, more, limits);
    if (fits(now)) return 0;
    let [tooEarly, lateEnough] = [now, Math.max(now, this.charges.lastDeadline)];
    while (lateEnough - tooEarly > WAIT_PRECISION_SECONDS) {
      const middle = (tooEarly + lateEnough) / 2;
      if (fits(middle)) lateEnough = middle;
      else tooEarly = middle;
    }
    return lateEnough - now;
  }

  private fitsAt(time: number, { bytes, ttlSeconds }: Charge, limits: OccupancyLimits): boolean {
    const used = this.usedAt(time);
    if (used.byteSeconds + bytes * ttlSeconds > limits.byteSeconds) return false;
    if (used.bytes + bytes > limits.bytes) return false;
    // Where a credit ends, the client occupies more than before.
    return this.credits
      .falls()
      .filter((fall) => fall > time && fall < time + ttlSeconds)
      .every((fall) => this.usedAt(fall).bytes + bytes <= limits.bytes);
  }

  private forget(now: number): void {
    this.charges.forget(now);
    this.credits.forget(now);
  }
}
