// Who is in the cluster: SWIM's claims (Das et al. 2002, 4.2), ordered by incarnation, with
// Lifeguard's suspicion. Never two members on one (hostId, listenPort); a replaced id never comes
// back by hearsay; self is never in the table; what changed is told to everyone once.
import { isLoopback, toldAddress } from './address-rules';
import { TIMING } from '../base/settings';
import type { ViewEntry } from '../wire/messages';
import type { NodeId, NodeIdentity, SelfIdentity } from '../base/identity';
import { Departed } from '../peer/departed';
import { Member } from '../peer/member';
import type { MembershipEvents } from './membership-events';
import { ForgottenIds } from './forgotten-ids';
import { MemberTable } from './member-table';
import { Predecessors } from './predecessors';
import { forgottenAtMs, isForSure, isProven, isUnfounded, mayBeBack, mayBeToldAnew } from './remembrance';
import { isWordOfPlace, relocated } from './relocation';
import { nextEndMs, reviewed, toldForMs, whoGoes, worthOf } from './remembrance';
import { suspicionOf } from '../peer/suspicion';
import { outdoes, OwnClaim } from './own-claim';
import { Tidings } from './tidings';

export class Membership {
  readonly own: OwnClaim;
  readonly tidings: Tidings;
  /** Grows with every change of the table; lets others cache what they derive from it. */
  changes = 0;
  private readonly table: MemberTable;
  private readonly forgotten = new ForgottenIds();
  private readonly predecessors = new Predecessors();

  constructor(
    readonly self: SelfIdentity,
    private readonly events: MembershipEvents,
    readonly departed = new Departed(),
  ) {
    this.table = new MemberTable(departed);
    this.own = new OwnClaim(self);
    this.tidings = new Tidings(this.own, this.table);
  }

  /** Tells everyone that this node leaves; false when it did so before. */
  leave(): boolean {
    if (!this.own.leave()) return false;
    this.changed(this.self.id);
    return true;
  }

  get(id: NodeId): Member | undefined {
    return this.table.get(id);
  }

  all(): IterableIterator<Member> {
    return this.table.values();
  }

  active(): readonly Member[] {
    return this.table.active();
  }

  activeCount(): number {
    return this.active().length;
  }

  at(hostId: string, listenPort: number): Member | undefined {
    return this.table.at(hostId, listenPort);
  }

  /** Members in whose places others are that do not count yet, if anybody is. */
  missed(): Iterable<NodeIdentity> {
    return this.predecessors.missed(this.table);
  }

  /** Drops what is kept by id of nodes of which nothing is known any more, once it is worth it. */
  prune(byId: Map<NodeId, unknown>): void {
    this.table.prune(byId, this.self.id);
  }

  sameHost({ hostId }: NodeIdentity): boolean {
    return hostId === this.self.hostId;
  }

  /** A greeted link proves this identity at this address. Null when there is no room for it. */
  proven(identity: NodeIdentity, address: string, nowMs: number): Member | null {
    const previous = this.at(identity.hostId, identity.listenPort);
    if (previous !== undefined && previous.id !== identity.id) this.replace(previous, identity.id, nowMs);
    let member = this.table.get(identity.id);
    if (member === undefined) {
      if (!this.makeRoom(address, nowMs)) return null;
      member = new Member(identity, address, 0, nowMs);
      this.predecessors.welcome(member);
      this.table.set(identity.id, member);
      this.changed(member.id);
    }
    this.forgotten.delete(identity.id);
    member.identity = identity;
    member.address = address;
    this.changes += 1;
    return member;
  }

  /** An address answered as `by`: the member that was known there is no more. */
  replace(member: Member, by: NodeId, nowMs: number): void {
    this.predecessors.add(member, nowMs);
    this.forget(member, nowMs);
    this.events.notify({ kind: 'member-replaced', id: member.id, name: member.identity.name, by });
    this.events.gone(member, 'replaced');
  }

  /** Takes in what `teller` says of one node. */
  apply(entry: ViewEntry, teller: NodeId, nowMs: number): void {
    if (entry.identity.cluster !== this.self.cluster) return;
    if (entry.identity.id === this.self.id) return this.hearOfSelf(entry);
    const member = this.table.get(entry.identity.id);
    const address = toldAddress(entry, this.table.get(teller), this.self);
    if (this.forgotten.has(entry.identity.id)) {
      if (mayBeBack(entry, this.table)) this.events.heardOf(entry.identity, address);
      return;
    }
    if (member === undefined) return this.hearOfStranger({ ...entry, address }, teller, nowMs);
    if (member.lastSeenMs === null && isWordOfPlace(entry)) member.places.told(teller, entry);
    if (entry.state === 'alive' && entry.direct) this.hearOfPlace(member, address, teller);
    switch (entry.state) {
      case 'alive':
        if (outdoes(entry, member, teller)) this.setAlive(member, entry.incarnation, nowMs);
        return;
      case 'suspect':
        this.hearSuspicion(member, entry, nowMs);
        return;
      case 'dead':
      case 'left':
        this.hearOfEnd(member, entry, teller, nowMs);
        if (member.state === 'dead' && entry.state === 'dead') member.hearsay.told(teller, entry.direct);
    }
  }

  suspect(member: Member, by: NodeId, incarnation: number, nowMs: number): void {
    if (member.state === 'suspect' && member.suspicion !== null && incarnation === member.incarnation) {
      if (member.suspicion.confirm(by)) this.changed(member.id);
      return;
    }
    const others = this.activeCount() - 1;
    this.enter(member, 'suspect', incarnation, nowMs);
    member.suspicion = suspicionOf(this.sameHost(member.identity), by, others, nowMs);
    this.events.notify({ kind: 'member-suspect', id: member.id, name: member.identity.name, by });
  }

  setAlive(member: Member, incarnation: number, nowMs: number): void {
    const was = member.state;
    this.enter(member, 'alive', incarnation, nowMs);
    if (was !== 'alive')
      this.events.notify({ kind: 'member-alive', id: member.id, name: member.identity.name });
    if (member.link === null) this.events.heardOf(member.identity, member.address);
    else if (was === 'suspect') this.events.refuted(member);
  }

  setDead(member: Member, incarnation: number, reason: string, nowMs: number): void {
    this.enter(member, 'dead', incarnation, nowMs);
    this.events.notify({ kind: 'member-dead', id: member.id, name: member.identity.name, reason });
    this.events.gone(member, 'dead');
  }

  setLeft(member: Member, incarnation: number, nowMs: number): void {
    this.enter(member, 'left', incarnation, nowMs);
    this.predecessors.left(member);
    this.events.notify({ kind: 'member-left', id: member.id, name: member.identity.name });
    this.events.gone(member, 'left');
  }

  /** Ends suspicions whose time is up, forgets the long dead and the departed. */
  tick(nowMs: number): void {
    for (const member of this.table.values()) {
      if (reviewed(member, this.table, nowMs)) this.changes += 1;
      if (this.relocate(member, nowMs)) continue;
      if (member.suspicion !== null && nowMs >= member.suspicion.deadlineMs()) {
        this.setDead(member, member.incarnation, 'suspected and not refuted', nowMs);
      }
      const isOver = !member.isActive && nowMs >= forgottenAtMs(member);
      if (isOver && member.link === null) this.forget(member, nowMs);
      else if (isOver || isUnfounded(member, nowMs)) this.dismiss(member, nowMs);
    }
    this.forgotten.tick(nowMs);
    if (this.predecessors.tick(this.table, nowMs)) this.changes += 1;
  }

  nextDeadlineMs(): number {
    return Math.min(nextEndMs(this.table.values()), this.predecessors.nextEndMs());
  }

  /** This node was paused for that long itself: nobody is condemned for it. */
  postponeSuspicions(byMs: number): void {
    for (const member of this.table.values()) member.suspicion?.postpone(byMs);
  }

  private hearOfSelf(entry: ViewEntry): void {
    if (!this.own.refutes(entry)) return;
    this.changed(this.self.id);
    this.events.selfAccused();
  }

  private makeRoom(address: string, nowMs: number): boolean {
    const goes = whoGoes(this.table.values(), address);
    if (goes === null || goes === 'nobody') return goes !== null;
    this.dismiss(goes, nowMs);
    return true;
  }

  private dismiss(member: Member, nowMs: number): void {
    this.forget(member, nowMs);
    this.events.gone(member, 'replaced');
  }

  private relocate(member: Member, nowMs: number): boolean {
    const { hasChanged, heir } = relocated(member, this.table, this.self, nowMs);
    if (hasChanged) this.changes += 1;
    if (heir === null) return false;
    this.dismiss(member, nowMs);
    this.hearOfDead(heir.entry, heir.by, nowMs);
    return true;
  }

  private hearOfStranger(entry: ViewEntry, teller: NodeId, nowMs: number): void {
    if (entry.state === 'dead') this.hearOfDead(entry, teller, nowMs);
    if (entry.state === 'dead' || entry.state === 'left' || !entry.direct) return;
    const previous = this.at(entry.identity.hostId, entry.identity.listenPort);
    if (previous?.isActive === true) {
      this.events.heardOf(entry.identity, entry.address);
      return;
    }
    if (previous !== undefined) this.replace(previous, entry.identity.id, nowMs);
    if (!this.makeRoom(entry.address, nowMs)) return;
    this.table.set(entry.identity.id, Member.toldOf(entry, teller, nowMs));
    this.changed(entry.identity.id);
    this.events.heardOf(entry.identity, entry.address);
  }

  /** It died before this node came: it is expected back and dialled until the others forget it. */
  private hearOfDead(entry: ViewEntry, teller: NodeId, nowMs: number): void {
    const { identity } = entry;
    const isMine = this.sameHost(identity) && identity.listenPort === this.self.listenPort;
    if (isMine || entry.sinceMs >= toldForMs(entry)) return;
    const occupant = this.at(identity.hostId, identity.listenPort);
    if (occupant?.lastSeenMs === null) occupant.places.told(teller, entry);
    if (occupant !== undefined || !this.makeRoom(entry.address, nowMs)) return;
    this.table.set(entry.identity.id, Member.toldOf(entry, teller, nowMs));
    this.changes += 1;
    this.events.heardOf(entry.identity, entry.address);
  }

  /** Alive by one more word. Who told first need not have known where this node can reach it. */
  private hearOfPlace(member: Member, address: string, teller: NodeId): void {
    if (!isProven(member)) member.hearsay.told(teller, false);
    if (member.link !== null || member.state === 'left' || this.sameHost(member.identity)) return;
    if (address === '' || isLoopback(address, this.self)) return;
    member.address = address;
    this.events.heardOf(member.identity, address);
  }

  private hearSuspicion(member: Member, entry: ViewEntry, nowMs: number): void {
    if (entry.incarnation < member.incarnation || !member.isActive) return;
    if (this.hearsFrom(member, nowMs)) this.events.accused(member, entry);
    else this.suspect(member, entry.by, entry.incarnation, nowMs);
  }

  /**
   * Who is heard from has not ended, unless it says so itself; nor has anybody left by the word of
   * one that has not stayed.
   */
  private hearOfEnd(member: Member, entry: ViewEntry, teller: NodeId, nowMs: number): void {
    const hasEnded = entry.state === 'left' ? member.state === 'left' : !member.isActive;
    if (hasEnded || entry.incarnation < member.incarnation) return;
    if (teller !== member.id && this.hearsFrom(member, nowMs)) this.events.accused(member, entry);
    else if (entry.state === 'dead') this.setDead(member, entry.incarnation, `said by ${teller}`, nowMs);
    else if (teller === member.id || worthOf(this.table.get(teller), nowMs) === 'firm')
      this.setLeft(member, entry.incarnation, nowMs);
  }

  private hearsFrom(member: Member, nowMs: number): boolean {
    return member.link !== null && member.seenSince(nowMs - TIMING.probeIntervalLocalMs);
  }

  private enter(member: Member, state: Member['state'], incarnation: number, nowMs: number): void {
    member.state = state;
    member.incarnation = incarnation;
    member.suspicion = null;
    member.stateSinceMs = nowMs;
    this.changed(member.id);
  }

  private forget(member: Member, nowMs: number): void {
    this.table.delete(member.id);
    this.tidings.forgot(member.id);
    if (!mayBeToldAnew(member, nowMs)) this.forgotten.add(member.id, isForSure(member), nowMs);
    this.changes += 1;
  }

  private changed(id: NodeId): void {
    this.tidings.changed(id);
    this.changes += 1;
    this.table.changed();
  }
}
