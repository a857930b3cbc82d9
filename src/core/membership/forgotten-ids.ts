// Ids of nodes that are no more: hearsay must not bring them back. Those that never counted are
// remembered apart and briefly, so that a crowd of them does not push the others out.
import { LIMITS } from '../base/limits';
import { TIMING } from '../base/settings';
import type { NodeId } from '../base/identity';

export class ForgottenIds {
  private readonly members = new Map<NodeId, number>();
  private readonly strangers = new Map<NodeId, number>();

  has(id: NodeId): boolean {
    return this.members.has(id) || this.strangers.has(id);
  }

  add(id: NodeId, counted: boolean, nowMs: number): void {
    this.delete(id);
    const ids = counted ? this.members : this.strangers;
    ids.set(id, nowMs);
    trim(ids, LIMITS.forgotten);
  }

  delete(id: NodeId): void {
    this.members.delete(id);
    this.strangers.delete(id);
  }

  tick(nowMs: number): void {
    expire(this.members, nowMs - TIMING.deadForgottenAfterMs);
    expire(this.strangers, nowMs - TIMING.visitorForgottenAfterMs);
  }
}

function trim(ids: Map<NodeId, number>, sizeMax: number): void {
  for (const id of ids.keys()) {
    if (ids.size <= sizeMax) return;
    ids.delete(id);
  }
}

function expire(ids: Map<NodeId, number>, beforeMs: number): void {
  for (const [id, sinceMs] of ids) {
    if (sinceMs > beforeMs) return;
    ids.delete(id);
  }
}
