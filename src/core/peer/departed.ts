// What was taken in of the writes of origins that are no members: of one that crashed and came back
// under another id its values live on. Bounded: beyond, those go first of which nothing is held.
import type { NodeId } from '../base/identity';
import { Reception } from './reception';

const ORIGINS_MAX = 512;

export class Departed {
  private readonly receptions = new Map<NodeId, Reception>();

  /** @param isHeld a version of this origin is known here */
  constructor(private readonly isHeld: (origin: NodeId) => boolean = () => true) {}

  get(origin: NodeId): Reception | undefined {
    return this.receptions.get(origin);
  }

  /** The same, begun if there is none. */
  of(origin: NodeId): Reception {
    const known = this.receptions.get(origin);
    if (known !== undefined) return known;
    const begun = new Reception();
    this.keep(origin, begun);
    return begun;
  }

  /** A member is none any more. */
  keep(origin: NodeId, reception: Reception): void {
    this.receptions.set(origin, reception);
    if (this.receptions.size > ORIGINS_MAX) this.makeRoom(origin);
  }

  /** It is a member again, or for the first time: its own record counts from here on. */
  take(origin: NodeId): Reception | undefined {
    const known = this.receptions.get(origin);
    this.receptions.delete(origin);
    return known;
  }

  /** Those of which a version is known here. */
  *held(): IterableIterator<[NodeId, Reception]> {
    for (const entry of this.receptions) if (this.isHeld(entry[0])) yield entry;
  }

  private makeRoom(newest: NodeId): void {
    for (const origin of this.receptions.keys()) if (!this.isHeld(origin)) this.receptions.delete(origin);
    for (const origin of this.receptions.keys()) {
      if (this.receptions.size <= ORIGINS_MAX) return;
      if (origin !== newest) this.receptions.delete(origin);
    }
  }
}
