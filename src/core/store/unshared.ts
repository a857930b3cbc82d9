// Own writes, by their numbers, that nobody else has acknowledged to hold. Of each the stamp of the
// last version before it that others may hold is remembered (replication/restamping.ts).

/** Nothing is noted in a slot. */
const NONE = -1;

export class Unshared {
  /** Made when there is something to note. */
  private replaced: Float64Array | null = null;

  private sharedThrough = 0;

  /** @param capacity numbers remembered */
  constructor(private readonly capacity: number) {}

  /** @param replacedHlc 0 = there is no version before it */
  note(seq: number, replacedHlc: number): void {
    this.replaced ??= new Float64Array(this.capacity).fill(NONE);
    this.replaced[seq % this.capacity] = replacedHlc;
  }

  /** Somebody holds it, or it is no longer what this node holds. */
  isOver(seq: number): void {
    if (this.replaced !== null) this.replaced[seq % this.capacity] = NONE;
  }

  /** A peer holds all that this node holds, its own writes up to this number among it. */
  areOver(through: number): void {
    this.sharedThrough = through;
  }

  /** Of a number that is remembered; undefined when somebody holds that write. */
  replacedBy(seq: number): number | undefined {
    if (seq <= this.sharedThrough) return undefined;
    const replaced = this.replaced?.[seq % this.capacity] ?? NONE;
    return replaced === NONE ? undefined : replaced;
  }
}
