// Where a member is that is known by what others tell alone: the place changes when nobody is left
// who told of it there.
import type { SelfIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import type { Word } from '../peer/told-places';
import type { ViewEntry } from '../wire/messages';
import type { MemberTable } from './member-table';
import { worthOf } from './remembrance';

const UNCHANGED = { hasChanged: false, heir: null } as const;

/** Those that met it know where it is, and it has one place for good. */
export function isWordOfPlace({ state, direct }: ViewEntry): boolean {
  return state === 'dead' || (state !== 'left' && direct);
}

/**
 * Moves a member whose place nobody tells of any more to where others tell that it is. The word of
 * somebody else in its place is left to the caller. `hasChanged` when words are worth more or less
 * than before.
 */
export function relocated(
  member: Member,
  table: MemberTable,
  self: SelfIdentity,
  nowMs: number,
): { hasChanged: boolean; heir: Word | null } {
  const { lastSeenMs, places } = member;
  if (lastSeenMs !== null || !places.isOpen) return UNCHANGED;
  if (!places.weigh((teller) => worthOf(table.get(teller), nowMs))) return UNCHANGED;
  const word = places.instead(member.identity);
  if (word === null) return { hasChanged: true, heir: null };
  const { identity } = word.entry;
  if (identity.id !== member.id) return { hasChanged: true, heir: word };
  const isOwn = identity.hostId === self.hostId && identity.listenPort === self.listenPort;
  const isTaken = isOwn || ![member, undefined].includes(table.at(identity.hostId, identity.listenPort));
  if (!isTaken) member.identity = identity;
  return { hasChanged: true, heir: null };
}
