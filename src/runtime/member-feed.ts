// Tells subscribers when a member of the network is seen in another state, by this node's view of it.
import type { NodeId } from '../core/base/identity';
import type { MemberReport } from '../core/base/report';
import type { Notification } from '../core/base/effects';

export type MemberStateTold = MemberReport['state'] | 'forgotten';

export interface MemberChange {
  readonly id: NodeId;
  readonly name: string;
  /** null: it was not known before, or the listener was not there. */
  readonly from: MemberReport['state'] | null;
  /** `forgotten`: it is not listed any more. */
  readonly to: MemberStateTold;
  readonly reason: string;
}

type Listener = (change: MemberChange) => void;
type Seen = Pick<MemberReport, 'id' | 'name' | 'state'>;

/** Of what the members' table said last, as many as it can hold. */
const REASONS_MAX = 512;

export class MemberFeed {
  private readonly listeners = new Set<Listener>();
  private readonly reasons = new Map<NodeId, string>();
  private known = new Map<NodeId, Seen>();
  private seenChanges = -1;

  /** `listener` hears of each member known now first. Returns the unsubscribe. */
  subscribe(listener: Listener, members: readonly Seen[]): () => void {
    if (this.listeners.size === 0) this.known = byId(members);
    this.listeners.add(listener);
    for (const { id, name, state } of this.known.values())
      listener({ id, name, from: null, to: state, reason: 'known' });
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** What the core says of its members tells why one is in another state. */
  notice(notification: Notification): void {
    if (this.listeners.size === 0) return;
    const reason = reasonOf(notification);
    if (reason === null) return;
    this.reasons.set(reason.id, reason.text);
    for (const id of this.reasons.keys()) {
      if (this.reasons.size <= REASONS_MAX) return;
      this.reasons.delete(id);
    }
  }

  /** @param changes the count of changes of the members' table */
  look(changes: number, members: () => readonly Seen[]): void {
    if (this.listeners.size === 0 || changes === this.seenChanges) return;
    this.seenChanges = changes;
    const before = this.known;
    this.known = byId(members());
    for (const { id, name, state } of this.known.values()) {
      const from = before.get(id)?.state ?? null;
      if (from !== state) this.tell({ id, name, from, to: state, reason: this.reasonFor(id, from, state) });
    }
    for (const { id, name, state: from } of before.values()) {
      if (this.known.has(id)) continue;
      this.tell({ id, name, from, to: 'forgotten', reason: this.reasonFor(id, from, 'forgotten') });
    }
  }

  private tell(change: MemberChange): void {
    for (const listener of [...this.listeners]) listener(change);
  }

  private reasonFor(id: NodeId, from: MemberReport['state'] | null, to: MemberStateTold): string {
    const said = this.reasons.get(id);
    this.reasons.delete(id);
    if (said !== undefined) return said;
    switch (to) {
      case 'alive':
        return from === null ? 'heard of' : 'answers again';
      case 'suspect':
        return 'no answer';
      case 'dead':
        return 'no answer for too long';
      case 'left':
        return 'said goodbye';
      case 'forgotten':
        return 'not seen for long';
    }
  }
}

function byId(members: readonly Seen[]): Map<NodeId, Seen> {
  return new Map(members.map(({ id, name, state }) => [id, { id, name, state }]));
}

/** Null for what says nothing of one member's state. */
function reasonOf(notification: Notification): { readonly id: NodeId; readonly text: string } | null {
  const { kind } = notification;
  if (kind === 'peer-joined') return { id: notification.id, text: 'linked' };
  if (kind === 'member-dead') return { id: notification.id, text: notification.reason };
  if (kind === 'member-replaced') return { id: notification.id, text: `replaced by ${notification.by}` };
  if (kind === 'member-suspect') return { id: notification.id, text: `no answer, says ${notification.by}` };
  return null;
}
