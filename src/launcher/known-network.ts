// What the launcher keeps of the network while its children come and go. A child that starts hears
// of others that were there, so it does not take itself for the first one when it meets nobody.
import type { ChildMessage } from '../config/child-messages';
import type { InheritedNetwork } from '../config/settings';

type Claim = Extract<ChildMessage, { kind: 'claimed' }>;
type Others = Extract<ChildMessage, { kind: 'others' }>;

export class KnownNetwork {
  private readonly running = new Map<number, string>();
  private told: { readonly ids: Set<string>; readonly hosts: number; readonly atMs: number } | null = null;

  claimed({ index, nodeId }: Claim): void {
    this.running.set(index, nodeId);
  }

  /** Each word replaces what any child said before. */
  heard({ index, ids, hosts }: Others, nowMs: number): void {
    const own = this.running.get(index);
    this.told = { ids: new Set(own === undefined ? ids : [...ids, own]), hosts, atMs: nowMs };
  }

  /** Whatever these held is gone. */
  ended(indexes: readonly number[]): void {
    for (const index of indexes) {
      const id = this.running.get(index);
      if (id !== undefined) this.told?.ids.delete(id);
      this.running.delete(index);
    }
  }

  /** For a child that starts now; null when nobody else is known to be anywhere. */
  inherited(nowMs: number): InheritedNetwork | null {
    if (this.told === null || this.told.ids.size === 0) return null;
    const { ids, hosts, atMs } = this.told;
    return { others: ids.size, hosts, agoMs: Math.max(0, Math.round(nowMs - atMs)) };
  }
}
