// Bytes by the deadline until which they count, as steps. Deadlines are kept apart until there are
// more than STEPS_MAX. Then the two neighbours that spread least become one step, from the first of
// their deadlines to the last. What a step says is exact until its first deadline. From there to
// its last the truth is a convex curve: the straight line above it is never too little, the tangent
// below it never too much.

/** A client that writes at a steady pace is charged a few percent too much with that many. */
const STEPS_MAX = 32;

/** A deadline is read from two clocks, and a write may wait a little before it begins to live. */
const SLACK_SECONDS = 1;

/** Times in seconds. */
interface Step {
  first: number;
  last: number;
  bytes: number;
  /** Sum of bytes times deadline. */
  weighted: number;
}

export class Staircase {
  /** By deadline, ascending and apart. */
  private steps: Step[] = [];

  copy(): Staircase {
    const copy = new Staircase();
    copy.steps = this.steps.map((step) => ({ ...step }));
    return copy;
  }

  get isEmpty(): boolean {
    return this.steps.length === 0;
  }

  get lastDeadline(): number {
    return this.steps.at(-1)?.last ?? -Infinity;
  }

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

  /** Takes away what was added until about then. Returns how much of it there was. */
  take(bytes: number, deadline: number): number {
    let left = bytes;
    while (left > 0) {
      const step = this.nearest(deadline);
      if (step === null) break;
      const part = Math.min(left, step.bytes);
      const weight = part * within(deadline, step.first, step.last);
      step.bytes -= part;
      step.weighted = within(step.weighted - weight, step.bytes * step.first, step.bytes * step.last);
      if (step.bytes === 0) this.steps.splice(this.steps.indexOf(step), 1);
      left -= part;
    }
    return bytes - left;
  }

  private nearest(deadline: number): Step | null {
    let [nearest, least]: [Step | null, number] = [null, SLACK_SECONDS];
    for (const step of this.steps) {
      const apart = Math.abs(deadline - within(deadline, step.first, step.last));
      if (apart < least) [nearest, least] = [step, apart];
    }
    return nearest;
  }

  forget(now: number): void {
    if (this.steps.length > 0 && this.steps[0].last <= now)
      this.steps = this.steps.filter(({ last }) => last > now);
  }

  bytesAtMost(now: number): number {
    let bytes = 0;
    for (const step of this.steps) if (step.last > now) bytes += step.bytes;
    return bytes;
  }

  bytesAtLeast(now: number): number {
    let bytes = 0;
    for (const step of this.steps) if (step.first > now) bytes += step.bytes;
    return bytes;
  }

  /** Bytes times the seconds that they still count. */
  lifeAtMost(now: number): number {
    let life = 0;
    for (const step of this.steps) if (step.last > now) life += lineAbove(step, now);
    return life;
  }

  lifeAtLeast(now: number): number {
    let life = 0;
    for (const { bytes, weighted } of this.steps) life += Math.max(0, weighted - now * bytes);
    return life;
  }

  /** When `bytesAtLeast` falls. */
  falls(): number[] {
    return this.steps.map(({ first }) => first);
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

function lineAbove({ first, last, bytes, weighted }: Step, now: number): number {
  if (now <= first) return weighted - now * bytes;
  return ((weighted - first * bytes) * (last - now)) / (last - first);
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
