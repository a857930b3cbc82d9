// What a node tells of its members, as entries and as one number.
import { hashText, KEY_BASIS_A } from '../store/hash-tree';
import type { ViewEntry } from '../wire/messages';
import type { NodeId, NodeIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import { hasSurelyStayed, isTold } from './remembrance';

/** The teller itself. */
export interface Self {
  readonly identity: NodeIdentity;
  readonly incarnation: number;
  readonly leaving: boolean;
}

export function selfEntry({ identity, incarnation, leaving }: Self): ViewEntry {
  return {
    identity,
    state: leaving ? 'left' : 'alive',
    incarnation,
    by: identity.id,
    direct: true,
    address: '',
    sinceMs: 0,
  };
}

/**
 * What is told of these; those that count go first, because what does not fit is not said.
 * `reader`: one of them, who is told of itself.
 */
export function entriesOf(
  members: Iterable<Member>,
  self: NodeId,
  nowMs: number,
  reader: NodeId | null = null,
): ViewEntry[] {
  const told = [...members].filter((member) => isTold(member, nowMs) || member.id === reader);
  told.sort((a, b) => Number(b.counts) - Number(a.counts));
  return told.map((member) => entryOf(member, self, nowMs));
}

function entryOf(member: Member, self: NodeId, nowMs: number): ViewEntry {
  return {
    identity: member.identity,
    state: member.state,
    incarnation: member.incarnation,
    by: member.suspicion?.by ?? self,
    direct: member.state === 'dead' ? hasSurelyStayed(member) : member.link !== null,
    address: member.address,
    sinceMs: Math.max(0, nowMs - member.stateSinceMs),
  };
}

/** Equal on nodes that see the same live members in the same states. */
export function viewHash({ identity, incarnation, leaving }: Self, active: Iterable<Member>): number {
  let hash = leaving ? 0 : hashText(`${identity.id}a${incarnation}`, KEY_BASIS_A);
  for (const member of active) {
    hash ^= hashText(`${member.id}${member.state[0]}${member.incarnation}`, KEY_BASIS_A);
  }
  return hash;
}
