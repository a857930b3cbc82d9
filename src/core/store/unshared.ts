// Own writes, by their numbers, and who has acknowledged to hold each. Of each the stamp of the last
// version before it that others may hold is remembered (replication/restamping.ts).

/** Nobody but this node, nobody on another machine, or somebody there. */
const NOBODY = 0;
const NEIGHBOURS = 1;
const ELSEWHERE = 2;

export class Unshared {
  /** Made when there is something to note. */
  private replaced: Float64Array | null = null;
  private readonly holders: Uint8Array;

  private sharedThrough = 0;
  private elsewhereThrough = 0;

  /** @param capacity numbers remembered */
  constructor(private readonly capacity: number) {
    this.holders = new Uint8Array(capacity).fill(ELSEWHERE);
  }

  /** @param replacedHlc 0 = there is no version before it */
  note(seq: number, replacedHlc: number): void {
    const slot = seq % this.capacity;
    this.replaced ??= new Float64Array(this.capacity);
    this.replaced[slot] = replacedHlc;
    this.holders[slot] = NOBODY;
  }

  /** Somebody holds it. */
  isHeld(seq: number, isElsewhere: boolean): void {
    const slot = seq % this.capacity;
    if (isElsewhere) this.holders[slot] = ELSEWHERE;
    else if (this.holders[slot] === NOBODY) this.holders[slot] = NEIGHBOURS;
  }

  /** A peer holds all that this node holds, its own writes up to this number among it. */
  areHeld(through: number, isElsewhere: boolean): void {
    this.sharedThrough = through;
    if (isElsewhere) this.elsewhereThrough = through;
  }

  /** Of a number that is remembered; undefined when somebody holds that write. */
  replacedBy(seq: number): number | undefined {
    const isUnshared = seq > this.sharedThrough && this.holders[seq % this.capacity] === NOBODY;
    return isUnshared ? this.replaced?.[seq % this.capacity] : undefined;
  }

  /** The same; undefined when somebody on another machine holds it. */
  replacedHereBy(seq: number): number | undefined {
    const isElsewhere = seq <= this.elsewhereThrough || this.holders[seq % this.capacity] === ELSEWHERE;
    return isElsewhere ? undefined : this.replaced?.[seq % this.capacity];
  }
}
