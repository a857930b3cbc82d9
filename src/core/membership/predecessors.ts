// Whose places others have taken. Whoever answers in the place of a member shows that this member
// is no more, and nothing else: it may be a visitor, or crash again, or somebody may only have told
// of it. So the network is expected to have what it had in that place until the one that is there
// now has stayed itself, or for as long as the dead are remembered.
import type { NodeIdentity } from '../base/identity';
import { LIMITS } from '../base/limits';
import type { Member } from '../peer/member';
import type { MemberTable } from './member-table';
import { hasSurelyStayed, rememberedForMs } from './remembrance';

interface Predecessor {
  readonly identity: NodeIdentity;
  readonly livedMs: number;
  /** Monotonic milliseconds. */
  readonly untilMs: number;
}

export class Predecessors {
  private readonly byPlace = new Map<string, Predecessor>();

  /** Somebody else is in the place of this member, or is said to be. */
  add(member: Member, nowMs: number): void {
    const { identity, livedMs, counts, state, stateSinceMs, isActive } = member;
    if (!counts || state === 'left') return;
    const untilMs = (isActive ? nowMs : stateSinceMs) + rememberedForMs(member);
    const place = placeOf(identity);
    if ((this.byPlace.get(place)?.untilMs ?? -Infinity) >= untilMs) return;
    this.byPlace.set(place, { identity, livedMs, untilMs });
    if (this.byPlace.size > LIMITS.membersRemembered) this.dropSoonest();
  }

  /** It may be one of them: whoever passed for it did not take what it had. */
  welcome(member: Member): void {
    const place = placeOf(member.identity);
    const known = this.byPlace.get(place);
    if (known?.identity.id !== member.id) return;
    this.byPlace.delete(place);
    member.livedMs = known.livedMs;
    member.counts = true;
  }

  /** The place is empty by the word of one that counted there. */
  left({ identity, counts }: Member): void {
    if (counts) this.byPlace.delete(placeOf(identity));
  }

  /** True when somebody is expected no longer. */
  tick(table: MemberTable, nowMs: number): boolean {
    const before = this.byPlace.size;
    for (const [place, { identity, untilMs }] of this.byPlace) {
      const heir = table.at(identity.hostId, identity.listenPort);
      if (nowMs >= untilMs || (heir !== undefined && hasSurelyStayed(heir))) this.byPlace.delete(place);
    }
    return this.byPlace.size < before;
  }

  nextEndMs(): number {
    let next = Infinity;
    for (const { untilMs } of this.byPlace.values()) next = Math.min(next, untilMs);
    return next;
  }

  /** Those in whose places nobody counts. */
  *missed(table: Pick<MemberTable, 'at'>): IterableIterator<NodeIdentity> {
    for (const { identity } of this.byPlace.values())
      if (table.at(identity.hostId, identity.listenPort)?.counts !== true) yield identity;
  }

  private dropSoonest(): void {
    const soonestMs = this.nextEndMs();
    for (const [place, { untilMs }] of this.byPlace) {
      if (untilMs > soonestMs) continue;
      this.byPlace.delete(place);
      return;
    }
  }
}

function placeOf({ hostId, listenPort }: NodeIdentity): string {
  return `${listenPort} ${hostId}`;
}
