// What happened to the nodes while this page watched, newest first. A change may be seen twice, by
// the stream and by the next look. It is told once, with the reason that the stream knows.
import type { Health, NodeSeen } from './node-seen';

export const TRANSITIONS_MAX = 100;
/** A look and the stream tell of the same change within this time. */
const SAME_MS = 5000;

export type Happening = Health | 'joined' | 'returned' | 'forgotten';

export interface Transition {
  /** Counts up; never used twice. */
  readonly number: number;
  readonly atMs: number;
  readonly place: string;
  readonly id: string;
  readonly name: string;
  /** Empty for the node that tells. */
  readonly address: string;
  readonly port: number;
  readonly from: Health | null;
  readonly to: Happening;
  readonly reason: string | null;
}

export class Transitions {
  private list: readonly Transition[] = [];
  private told = 0;

  /** Newest first. */
  all(): readonly Transition[] {
    return this.list;
  }

  /** Tells how `now` differs from what was at its place before. */
  compare(before: NodeSeen | undefined, now: NodeSeen, atMs: number, reason: string | null = null): void {
    const from = before?.health ?? null;
    if (before !== undefined && before.id !== now.id) this.add(now, from, 'returned', atMs, reason);
    else if (before === undefined) this.add(now, null, 'joined', atMs, reason);
    else if (before.health !== now.health) this.add(now, from, now.health, atMs, reason);
  }

  forgotten(gone: NodeSeen, atMs: number): void {
    this.add(gone, gone.health, 'forgotten', atMs, null);
  }

  /** Adds the reason to a change that a look has told already. @returns whether there was one */
  explain(node: NodeSeen, to: Happening, reason: string | null, nowMs: number): boolean {
    const known = this.list.find((each) => each.id === node.id);
    if (reason === null || known?.to !== to || known.reason !== null) return false;
    if (nowMs - known.atMs > SAME_MS) return false;
    this.list = this.list.map((each) => (each === known ? { ...known, reason } : each));
    return true;
  }

  private add(
    { place, id, name, address, port }: NodeSeen,
    from: Health | null,
    to: Happening,
    atMs: number,
    reason: string | null,
  ): void {
    this.told += 1;
    const transition = { number: this.told, atMs, place, id, name, address, port, from, to, reason };
    this.list = [transition, ...this.list].slice(0, TRANSITIONS_MAX);
  }
}
