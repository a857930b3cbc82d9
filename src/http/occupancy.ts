// What one client occupies of the store: bytes, and bytes times the life they have left. Both fall
// by themselves, the one in steps as values expire, the other all the time. Deadlines are kept
// apart until there are more than STEPS_MAX. Then the two neighbours that spread least become one
// step, from the first of their deadlines to the last. What a step says is exact until its first
// deadline. From there to its last it is the straight line above the true, convex curve: never too
// little.

/** A client that writes at a steady pace is charged a few percent too much with that many. */
const STEPS_MAX = 32;

/** Finer than what Retry-After can say. */
const WAIT_PRECISION_SECONDS = 0.01;

export interface OccupancyLimits {
  readonly bytes: number;
  /** Bytes times seconds of remaining life. */
  readonly byteSeconds: number;
}

/** Times in seconds. */
interface Step {
  first: number;
  last: number;
  bytes: number;
  /** Sum of bytes times deadline. */
  weighted: number;
}

export class Occupancy {
  /** By deadline, ascending and apart. */
  private readonly steps: Step[] = [];

  add(bytes: number, deadline: number): void {
    const { steps } = this;
    let at = steps.length;
    while (at > 0 && steps[at - 1].first > deadline) at -= 1;
    if (at > 0 && steps[at - 1].last >= deadline) {
      steps[at - 1].bytes += bytes;
      steps[at - 1].weighted += bytes * deadline;
      return;
    }
    steps.splice(at, 0, { first: deadline, last: deadline, bytes, weighted: bytes * deadline });
    if (steps.length > STEPS_MAX) this.joinClosest();
  }

  /** Takes back what was added with the same arguments. */
  remove(bytes: number, deadline: number): void {
    const step = this.steps.find(({ first, last }) => first <= deadline && deadline <= last);
    if (step === undefined) return;
    step.bytes -= bytes;
    step.weighted -= bytes * deadline;
  }

  usedAt(now: number): OccupancyLimits {
    const used = { bytes: 0, byteSeconds: 0 };
    for (const step of this.steps) {
      if (step.last <= now) continue;
      used.bytes += step.bytes;
      used.byteSeconds += lifeLeft(step, now);
    }
    return used;
  }

  /**
   * Seconds until `more` fits into `limits` beside what is left then. 0 = now. Null = never,
   * because it is too much by itself.
   */
  waitSeconds(more: OccupancyLimits, limits: OccupancyLimits, now: number): number | null {
    if (more.bytes > limits.bytes || more.byteSeconds > limits.byteSeconds) return null;
    this.forget(now);
    const fits = (time: number): boolean => {
      const used = this.usedAt(time);
      return (
        used.bytes + more.bytes <= limits.bytes && used.byteSeconds + more.byteSeconds <= limits.byteSeconds
      );
    };
    if (fits(now)) return 0;
    let [tooEarly, lateEnough] = [now, this.steps.at(-1)?.last ?? now];
    while (lateEnough - tooEarly > WAIT_PRECISION_SECONDS) {
      const middle = (tooEarly + lateEnough) / 2;
      if (fits(middle)) lateEnough = middle;
      else tooEarly = middle;
    }
    return lateEnough - now;
  }

  private forget(now: number): void {
    const live = this.steps.findIndex(({ last }) => last > now);
    if (live !== 0) this.steps.splice(0, live < 0 ? this.steps.length : live);
  }

  private joinClosest(): void {
    const { steps } = this;
    let [closest, least] = [0, Infinity];
    for (let at = 0; at + 1 < steps.length; at += 1) {
      const spread = (steps[at].bytes + steps[at + 1].bytes) * (steps[at + 1].last - steps[at].first);
      if (spread < least) [closest, least] = [at, spread];
    }
    const [one, other] = steps.splice(closest, 2);
    steps.splice(closest, 0, {
      first: one.first,
      last: other.last,
      bytes: one.bytes + other.bytes,
      weighted: one.weighted + other.weighted,
    });
  }
}

function lifeLeft({ first, last, bytes, weighted }: Step, now: number): number {
  if (now <= first) return weighted - now * bytes;
  return ((weighted - first * bytes) * (last - now)) / (last - first);
}
