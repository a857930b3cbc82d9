// Where a member is that is known by what others tell alone: the place changes when nobody is left
// who told of it there.
import type { SelfIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import type { ViewEntry } from '../wire/messages';
import type { MemberTable } from './member-table';
import { worthOf } from './remembrance';

/** Those that met it know where it is, and it has one place for good. */
export function isWordOfPlace({ state, direct }: ViewEntry): boolean {
  return state === 'dead' || (state !== 'left' && direct);
}

/** True when words about its place are worth more or less than before. */
export function relocated(member: Member, table: MemberTable, self: SelfIdentity, nowMs: number): boolean {
  const { lastSeenMs, places } = member;
  if (lastSeenMs !== null || !places.isOpen) return false;
  if (!places.weigh((teller) => worthOf(table.get(teller), nowMs))) return false;
  const identity = places.settled(member.identity);
  const { hostId, listenPort } = identity;
  const isOwn = hostId === self.hostId && listenPort === self.listenPort;
  const isTaken = isOwn || ![member, undefined].includes(table.at(hostId, listenPort));
  if (!isTaken) member.identity = identity;
  return true;
}
