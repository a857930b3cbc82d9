// What this node tells of its members: all of it to somebody it meets, what changed to everybody,
// and one number that shows whether two nodes would tell the same.
import type { NodeId } from '../base/identity';
import type { ViewEntry } from '../wire/messages';
import type { MemberTable } from './member-table';
import type { OwnClaim } from './own-claim';
import { entriesOf, selfEntry, viewHash } from './view';

export class Tidings {
  /** Who changed since it was told last. */
  private readonly rumors = new Set<NodeId>();
  private viewHash: number | null = null;

  constructor(
    private readonly own: OwnClaim,
    private readonly table: MemberTable,
  ) {}

  get hasRumors(): boolean {
    return this.rumors.size > 0;
  }

  changed(id: NodeId): void {
    this.rumors.add(id);
    this.viewHash = null;
  }

  forgot(id: NodeId): void {
    this.rumors.delete(id);
    this.viewHash = null;
  }

  /** For `reader`, who is told of itself whatever it is to others: nobody else can refute it. */
  view(reader: NodeId, nowMs: number): ViewEntry[] {
    return [selfEntry(this.own), ...entriesOf(this.table.values(), this.own.identity.id, nowMs, reader)];
  }

  takeRumors(nowMs: number): ViewEntry[] {
    const { id } = this.own.identity;
    const members = [...this.rumors].flatMap((each) => this.table.get(each) ?? []);
    const own = this.rumors.has(id) ? [selfEntry(this.own)] : [];
    this.rumors.clear();
    return [...own, ...entriesOf(members, id, nowMs)];
  }

  hash(): number {
    this.viewHash ??= viewHash(this.own, this.table.active());
    return this.viewHash;
  }
}
