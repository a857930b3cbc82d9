// Whom to greet and when. Candidates are addresses that some source named: they are probed (who is
// there?) and dialled only when a peer answers. Contacts are members known by id: they are dialled
// directly until they are linked. Discovery never stops: what was lost is found again by the same
// schedule that formed the network.
import { endpointKey, type Endpoint, type NodeId } from '../base/identity';
import type { NodeIdentity, SelfIdentity } from '../base/identity';
import type { Membership } from '../membership/membership';
import type { DialFailure, ProbeOutcome } from '../base/inputs';
import type { Prng } from '../base/prng';
import { LIMITS } from '../base/limits';
import { TIMING } from '../base/settings';
import { endpointsOf, isLoopback, loopbackOf } from '../membership/address-rules';
import { DialBudget } from './dial-budget';
import { Dials } from './dials';
import { FirstRounds } from './first-rounds';
import { CONFIGURED_SOURCE, type Candidate, type Contact } from './places';
import { ProvenPlaces } from './proven-places';

export interface GreeterPort {
  probe(endpoint: Endpoint): void;
  dial(endpoint: Endpoint): void;
  ignored(endpoint: Endpoint, reason: string): void;
}

/** A probe that was never answered counts as failed after this. */
const PROBED_WITHIN_MS = 5000;

export class Greeter {
  private readonly candidates = new Map<string, Candidate>();
  private readonly contacts = new Map<NodeId, Contact>();
  private readonly dials = new Dials();
  private readonly firstRounds: FirstRounds;
  private own = new Set<string>();
  readonly proven = new ProvenPlaces(LIMITS.placesProven);
  /** Of sources, and of what members tell about members: neither can spend the other's. */
  private readonly probeBudget: DialBudget;
  private readonly dialBudget: DialBudget;

  constructor(
    private readonly self: SelfIdentity,
    private readonly membership: Membership,
    private readonly prng: Prng,
    private readonly port: GreeterPort,
    nowMs: number,
    awaitedSources: readonly string[] = [],
  ) {
    this.firstRounds = new FirstRounds(self, (id) => this.isLinked(id), awaitedSources, nowMs);
    const budget = { perSecond: LIMITS.strangersPerSecond, burst: LIMITS.strangersBurst };
    this.probeBudget = new DialBudget(budget, nowMs);
    this.dialBudget = new DialBudget(budget, nowMs);
    this.own.add(endpointKey({ address: loopbackOf(self), port: self.listenPort }));
  }

  /**
   * Takes in what a source names. What it no longer names is forgotten unless a peer answers there;
   * naming nobody says nothing.
   */
  learn(source: string, endpoints: readonly Endpoint[], nowMs: number): void {
    this.firstRounds.spoke(source, nowMs);
    if (endpoints.length > 0) this.unlearn(source, new Set(endpoints.map(endpointKey)));
    const backoffMaxMs = source === CONFIGURED_SOURCE ? TIMING.greetMs : TIMING.greetBackoffMaxMs;
    let room = LIMITS.candidatesOfSource - this.countOf(source);
    for (const endpoint of endpoints) {
      const key = endpointKey(endpoint);
      this.candidates.get(key)?.sources.add(source);
      if (this.own.has(key) || this.candidates.has(key)) continue;
      if (this.candidates.size >= LIMITS.candidates || room <= 0) continue;
      room -= 1;
      this.candidates.set(key, {
        endpoint,
        attempts: 0,
        nextAtMs: nowMs,
        backoffMs: TIMING.greetMs,
        backoffMaxMs,
        pending: false,
        isSilent: false,
        sources: new Set([source]),
        peer: null,
        heard: null,
        ignored: null,
      });
    }
  }

  private countOf(source: string): number {
    let count = 0;
    for (const { sources } of this.candidates.values()) if (sources.has(source)) count += 1;
    return count;
  }

  private unlearn(source: string, named: ReadonlySet<string>): void {
    for (const [key, { sources, peer }] of this.candidates) {
      if (!named.has(key)) sources.delete(source);
      if (sources.size === 0 && peer === null) this.candidates.delete(key);
    }
  }

  /** Dial this member at `atMs`, and again until it is linked. */
  contact(identity: NodeIdentity, seenAt: string, atMs: number): void {
    const known = this.contacts.get(identity.id);
    if (known !== undefined) {
      if (seenAt !== '' && !isLoopback(seenAt, this.self)) known.seenAt = seenAt;
      return;
    }
    const isHere = identity.hostId === this.self.hostId;
    const backoffMs = isHere ? TIMING.redialLocalMs : TIMING.redialMs;
    if (this.contacts.size >= LIMITS.membersRemembered && !this.dropStranger(identity.id)) return;
    this.contacts.set(identity.id, { identity, seenAt, nextAtMs: atMs, backoffMs, attempts: 0 });
  }

  /** Makes room for a member that counts, by one that does not. */
  private dropStranger(forId: NodeId): boolean {
    if (this.membership.get(forId)?.counts !== true) return false;
    for (const id of this.contacts.keys()) {
      if (this.membership.get(id)?.counts === true) continue;
      this.contacts.delete(id);
      return true;
    }
    return false;
  }

  /** Linked, left or replaced: no need to dial it. */
  settled(id: NodeId): void {
    this.contacts.delete(id);
  }

  /** The dial has ended; `met`: a peer was there. */
  dialled(endpoint: Endpoint, met: boolean): void {
    this.dials.ended(endpointKey(endpoint));
    if (met) this.proven.add(endpoint);
  }

  probed(endpoint: Endpoint, outcome: ProbeOutcome, nowMs: number): void {
    const candidate = this.candidates.get(endpointKey(endpoint));
    if (candidate === undefined) return;
    candidate.pending = false;
    candidate.isSilent = outcome.kind === 'timeout';
    if (outcome.kind === 'peer') {
      this.foundPeer(candidate, outcome.id, nowMs);
      return;
    }
    candidate.peer = null;
    if (!candidate.isSilent) candidate.heard = null;
    this.schedule(candidate, nowMs);
    if (outcome.kind !== 'foreign' && outcome.kind !== 'other-cluster') return;
    if (candidate.ignored === null) {
      const what =
        outcome.kind === 'foreign' ? 'not a REPRAM node' : `belongs to cluster "${outcome.cluster}"`;
      this.port.ignored(endpoint, what);
    }
    candidate.ignored = 'no-peer';
  }

  /**
   * It listens but will not be our peer: said once, tried rarely. Nobody waits for it any more, but
   * it may hold something.
   */
  rejected(endpoint: Endpoint, reason: DialFailure, nowMs: number): void {
    const candidate = this.candidates.get(endpointKey(endpoint));
    if (candidate === undefined) return;
    if (candidate.ignored === null) this.port.ignored(endpoint, reason);
    candidate.ignored = reason === 'self' ? 'no-peer' : 'refused';
    candidate.peer = null;
    candidate.heard = null;
    candidate.nextAtMs = nowMs + TIMING.greetBackoffMaxMs;
  }

  /** Whether every candidate has had its first rounds, so that "nobody there" means something. */
  firstRoundsDone(nowMs: number): boolean {
    return this.firstRounds.areDone(this.candidates, nowMs);
  }

  /**
   * The operator named nodes of other hosts, and at none of these places a peer was met yet. One
   * that refuses was not met.
   */
  get lacksConfigured(): boolean {
    let lacksSome = false;
    for (const { endpoint, sources, peer, ignored } of this.candidates.values()) {
      if (!sources.has(CONFIGURED_SOURCE) || isLoopback(endpoint.address, this.self)) continue;
      if (ignored === 'no-peer') continue;
      if (this.proven.has(endpoint) || (peer !== null && this.isLinked(peer))) return false;
      lacksSome = true;
    }
    return lacksSome;
  }

  /**
   * What was never tried goes first, so that what is tried over and over cannot keep it from its
   * turn.
   */
  tick(nowMs: number): void {
    for (const isFirst of [true, false]) {
      for (const candidate of this.candidates.values()) {
        if (nowMs >= candidate.nextAtMs && isFirst === (candidate.attempts === 0)) this.ask(candidate, nowMs);
      }
      for (const contact of this.contacts.values()) {
        if (nowMs >= contact.nextAtMs && isFirst === (contact.attempts === 0)) this.redial(contact, nowMs);
      }
    }
  }

  private ask(candidate: Candidate, nowMs: number): void {
    const { endpoint, peer } = candidate;
    if (peer !== null && this.isLinked(peer)) {
      this.firstRounds.heard(candidate, peer, nowMs);
      candidate.nextAtMs = nowMs + this.prng.jitter(TIMING.greetMs);
      return;
    }
    if (this.isStrange(endpoint) && !this.probeBudget.take(1, nowMs)) {
      candidate.nextAtMs = this.probeBudget.nextAtMs(1, nowMs);
      return;
    }
    candidate.attempts += 1;
    candidate.pending = true;
    candidate.nextAtMs = nowMs + PROBED_WITHIN_MS;
    this.port.probe(endpoint);
  }

  /** On another host, and no dial ever met a peer there. */
  private isStrange(endpoint: Endpoint): boolean {
    return !isLoopback(endpoint.address, this.self) && !this.proven.has(endpoint);
  }

  nextDeadlineMs(): number {
    let next = Infinity;
    for (const candidate of this.candidates.values()) next = Math.min(next, candidate.nextAtMs);
    for (const contact of this.contacts.values()) next = Math.min(next, contact.nextAtMs);
    return next;
  }

  private foundPeer(candidate: Candidate, id: NodeId, nowMs: number): void {
    if (id === this.self.id) {
      this.own.add(endpointKey(candidate.endpoint));
      this.candidates.delete(endpointKey(candidate.endpoint));
      return;
    }
    candidate.peer = id;
    this.firstRounds.heard(candidate, id, nowMs);
    candidate.ignored = null;
    candidate.backoffMs = TIMING.greetMs;
    this.schedule(candidate, nowMs);
    if (!this.isLinked(id)) this.dial(candidate.endpoint, nowMs);
  }

  private schedule(candidate: Candidate, nowMs: number): void {
    const first: readonly number[] = TIMING.greetFirstMs;
    if (candidate.attempts < first.length && candidate.peer === null) {
      candidate.nextAtMs = nowMs + first[candidate.attempts] - first[candidate.attempts - 1];
      return;
    }
    if (candidate.peer === null && this.firstRounds.isOpen(candidate, nowMs)) {
      candidate.nextAtMs = nowMs + TIMING.greetAloneMs;
      return;
    }
    if (candidate.peer !== null || candidate.attempts <= first.length) {
      candidate.nextAtMs = nowMs + this.prng.jitter(this.isAlone() ? TIMING.greetAloneMs : TIMING.greetMs);
      return;
    }
    if (this.isAlone() && isLoopback(candidate.endpoint.address, this.self)) {
      candidate.nextAtMs = nowMs + this.prng.jitter(TIMING.greetAloneMs);
      return;
    }
    candidate.nextAtMs = nowMs + this.prng.jitter(candidate.backoffMs);
    candidate.backoffMs = Math.min(candidate.backoffMaxMs, candidate.backoffMs * 2);
  }

  private redial(contact: Contact, nowMs: number): void {
    const endpoints = endpointsOf(contact.identity, this.self, contact.seenAt);
    const strange = endpoints.filter((endpoint) => !this.proven.has(endpoint)).length;
    if (!this.dialBudget.take(strange, nowMs)) {
      contact.nextAtMs = this.dialBudget.nextAtMs(strange, nowMs);
      return;
    }
    contact.attempts += 1;
    // Hearsay about a place where somebody else was alive: looked into a few times, then dropped.
    const isMember = this.membership.get(contact.identity.id) !== undefined;
    if (!isMember && contact.backoffMs >= TIMING.redialMaxMs) this.contacts.delete(contact.identity.id);
    contact.nextAtMs = nowMs + this.prng.jitter(contact.backoffMs);
    contact.backoffMs = Math.min(TIMING.redialMaxMs, contact.backoffMs * 2);
    for (const endpoint of endpoints) this.dial(endpoint, nowMs);
  }

  private dial(endpoint: Endpoint, nowMs: number): void {
    const key = endpointKey(endpoint);
    if (!this.own.has(key) && this.dials.begin(key, nowMs)) this.port.dial(endpoint);
  }

  private isLinked(id: NodeId): boolean {
    return (this.membership.get(id)?.link ?? null) !== null;
  }

  private isAlone(): boolean {
    return this.membership.activeCount() === 0;
  }
}
