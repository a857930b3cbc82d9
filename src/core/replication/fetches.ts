// Reads that this node could not answer alone. It asks one peer after the other until one gives the
// value, and answers with what it was given whether that could be kept or not. "Absent" is said
// only when it is known: by this node once it can answer alone, by a peer that is sure, or by all
// of them together; otherwise the answer is that nobody knows yet (docs/protocol.md, Reads).
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import type { NodeId } from '../base/identity';
import type { FetchOutcome, ReadRecord } from '../base/effects';
import type { Input, RequestId } from '../base/inputs';
import type { Prng } from '../base/prng';
import { LIMITS } from '../base/limits';
import type { Stage } from '../base/stage';
import type { Entry } from '../store/entry';
import { toByteString } from '../store/key';
import type { Store } from '../store/store';
import type { Version } from '../base/version';
import { Fetch, fetchName, type FetchAim } from './fetch';
import type { Standing } from './standing';
import { isMute } from './step';

/** A node that could answer alone takes the word of so many for a version that it does not hold. */
const PEERS_HEARD_MAX = 3;

export interface FetchParts {
  readonly store: Store;
  readonly standing: Standing;
  readonly membership: Membership;
  readonly prng: Prng;
  readonly stage: Stage;
}

type Asked = Extract<Input, { kind: 'fetch' }>;
/** What a peer answered with, as readers here may see it. */
export type Offered = Extract<FetchOutcome, { kind: 'found' | 'described' }>;

/** An entry as readers see it. */
export function toReadRecord(entry: Entry): ReadRecord | null {
  if (entry.value === null) return null;
  return {
    value: entry.value,
    version: { hlc: entry.hlc, origin: entry.origin },
    ttlMs: entry.ttlMs,
    deadlineMs: entry.expiresAtMs,
  };
}

export class Fetches {
  private readonly open = new Map<number, Fetch>();
  /** The same fetches by what they look for: readers of one key share one. */
  private readonly byName = new Map<string, Fetch>();
  private readers = 0;
  private ids = 0;

  constructor(private readonly parts: FetchParts) {}

  /** Where it is a confirmation the word of one member that is sure ends it. */
  start({ requestId, key, minVersion, isConfirmation = false, isMetadataOnly = false }: Asked): void {
    const { sink } = this.parts.stage;
    const aim = { key: toByteString(key), minVersion, isConfirmation, isMetadataOnly };
    const name = fetchName(aim);
    const running = this.byName.get(name);
    if (this.readers >= LIMITS.fetchReadersMax || (!running && this.open.size >= LIMITS.fetchesMax)) {
      sink.settleFetch(requestId, { kind: 'busy' });
      return;
    }
    this.readers += 1;
    if (running !== undefined) {
      running.join(requestId);
      return;
    }
    this.begin(name, aim, [requestId]);
  }

  /**
   * A peer answered; what it sent has been merged already.
   * @param isSure without a record: it says that there is none, and not only that it holds none
   * @param offered what it sent, as readers here may see it, kept or not
   */
  answered(id: number, from: Member, isSure: boolean, offered: () => Offered | 'untimely' | null): void {
    const fetch = this.open.get(id);
    if (!fetch?.heard(from, isSure)) return;
    if (this.settleFromStore(fetch)) return;
    const outcome = offered();
    if (outcome === 'untimely') fetch.isUntimely = true;
    else if (outcome !== null && isAnswer(outcome, fetch)) {
      this.settle(fetch, outcome);
      return;
    }
    this.goOn(fetch);
  }

  /** A piece of something large came from this member: what it was asked for may be behind it. */
  progressed(from: NodeId): void {
    const { monoMs } = this.parts.stage.now;
    for (const fetch of this.open.values()) if (fetch.waitsFor === from) fetch.waitOn(monoMs);
  }

  tick(): void {
    for (const fetch of this.open.values()) {
      this.goOn(fetch);
      fetch.isUnderWay ||= fetch.asked.size > 0;
    }
  }

  nextDeadlineMs(): number {
    let next = Infinity;
    for (const fetch of this.open.values()) next = Math.min(next, fetch.deadlineMs);
    return next;
  }

  private begin(name: string, aim: FetchAim, readers: RequestId[]): void {
    this.ids += 1;
    const fetch = new Fetch(this.ids, name, aim, readers, this.parts.stage.now.monoMs);
    this.open.set(fetch.id, fetch);
    this.byName.set(name, fetch);
    this.goOn(fetch);
  }

  private goOn(fetch: Fetch): void {
    if (this.settleFromStore(fetch)) return;
    const { monoMs } = this.parts.stage.now;
    if (this.isAbsent(fetch, monoMs)) this.settle(fetch, { kind: 'absent' });
    else if (monoMs >= fetch.endsAtMs) this.settle(fetch, { kind: 'unknown' });
    else if (fetch.waitsFor === null || monoMs >= fetch.deadlineMs) this.askNext(fetch, monoMs);
  }

  private askNext(fetch: Fetch, monoMs: number): void {
    fetch.waitsFor = null;
    const peer = this.mayAskMore(fetch) ? this.choose(fetch) : null;
    if (peer !== null && this.isSaidTo(peer, fetch)) {
      fetch.ask(peer, monoMs);
      return;
    }
    if (this.isAbsent(fetch, monoMs)) this.settle(fetch, { kind: 'absent' });
    else if (fetch.isUntimely || this.isInVain(fetch, monoMs)) this.settle(fetch, { kind: 'unknown' });
    else fetch.rest(monoMs);
  }

  /** What would be no answer here is not asked for: it would cross for nothing. */
  private isSaidTo({ link }: Member, fetch: Fetch): boolean {
    const { id: requestId, key, isMetadataOnly } = fetch;
    const minVersion = fetch.leastUseful(this.parts.store.known(key));
    return link?.say({ type: 'fetch', requestId, key, minVersion, isMetadataOnly }) ?? false;
  }

  private mustAsk(key: string): boolean {
    return this.parts.standing.mustAsk(key, this.parts.stage.now.monoMs);
  }

  private mayAskMore(fetch: Fetch): boolean {
    return fetch.words.size < PEERS_HEARD_MAX || this.mustAsk(fetch.key) || this.isOutOfTouch(fetch);
  }

  /**
   * A version that somebody was given may be with members that are out of reach: too few were
   * heard.
   */
  private isOutOfTouch({ minVersion, startedAtMs, notAbsentBeforeMs }: Fetch): boolean {
    if (minVersion === null || this.parts.stage.now.monoMs < notAbsentBeforeMs) return false;
    return !this.parts.standing.meetsEveryQuorum(startedAtMs);
  }

  /** Whether it is known that there is no such version. */
  private isAbsent(fetch: Fetch, monoMs: number): boolean {
    const { key, minVersion } = fetch;
    if (monoMs < fetch.notAbsentBeforeMs || fetch.isUntimely) return false;
    if (fetch.isConfirmation) return fetch.isDenied;
    // Somebody was given this version, so it was written: whoever holds it may be out of reach.
    if (minVersion !== null && !this.parts.standing.meetsEveryQuorum(fetch.startedAtMs)) return false;
    if (!this.mustAsk(key)) return minVersion === null || !this.isHopedFor(fetch, minVersion);
    if (this.parts.standing.isCertain(key, fetch.words, monoMs)) return true;
    const active = this.parts.membership.active().filter((member) => !isMute(member));
    const hasSpoken = ({ id }: Member): boolean => fetch.words.has(id);
    if (fetch.isDenied && !this.parts.standing.isElsewhere(key))
      return active.every((member) => hasSpoken(member) || !this.isMissed(member, monoMs));
    if (!active.every(hasSpoken)) return false;
    return this.parts.standing.isFilled(monoMs)
      ? active.length > 0
      : active.some(({ id }) => fetch.words.get(id) === true);
  }

  /** It may hold what neither this node nor those that were compared with it know of. */
  private isMissed(member: Member, monoMs: number): boolean {
    const { standing } = this.parts;
    return standing.isUncompared(member) || standing.isOutOfStep(member, monoMs);
  }

  /**
   * Somebody was asked and may still answer, or can be asked; or its writer is there and has said
   * nothing.
   */
  private isHopedFor(fetch: Fetch, { origin }: Version): boolean {
    if (fetch.waitsFor !== null || (this.mayAskMore(fetch) && this.choose(fetch) !== null)) return true;
    return this.parts.membership.get(origin)?.isActive === true && !fetch.words.has(origin);
  }

  /** Nobody is there, and nothing will come of waiting. */
  private isInVain({ key, minVersion }: Fetch, monoMs: number): boolean {
    const { standing, membership } = this.parts;
    if (!standing.isReady || membership.activeCount() > 0) return false;
    return minVersion !== null || standing.isElsewhere(key) || !standing.isFilled(monoMs);
  }

  /**
   * The writer of the version asked for, then who is most likely to know: ready, and not behind
   * with what it is sent.
   */
  private choose(fetch: Fetch): Member | null {
    let best: Member[] = [];
    let bestRank = Infinity;
    for (const member of this.parts.membership.active()) {
      if (member.link === null || member.offset.isInDoubt) continue;
      if (!fetch.mayAsk(member) || this.isBusyWith(member)) continue;
      const rank = this.rankOf(member, fetch);
      if (rank > bestRank) continue;
      if (rank < bestRank) best = [];
      bestRank = rank;
      best.push(member);
    }
    return best.length === 0 ? null : best[this.parts.prng.below(best.length)];
  }

  private rankOf(member: Member, { minVersion }: Fetch): number {
    if (member.id === minVersion?.origin) return 0;
    if (member.status?.ready !== true) return 4;
    if (member.window.lagging) return 3;
    const { standing, stage } = this.parts;
    if (standing.isUncompared(member) || standing.isShortOf(member)) return 1;
    return standing.isOutOfStep(member, stage.now.monoMs) ? 3 : 2;
  }

  private isBusyWith({ id }: Member): boolean {
    if (this.open.size < LIMITS.fetchesPerPeerMax) return false;
    let asked = 0;
    for (const fetch of this.open.values()) if (fetch.waitsFor === id) asked += 1;
    return asked >= LIMITS.fetchesPerPeerMax;
  }

  private settleFromStore(fetch: Fetch): boolean {
    const entry = this.parts.store.get(fetch.key, this.parts.stage.now.monoMs);
    const record = entry === null || !fetch.isEnough(entry) ? null : toReadRecord(entry);
    if (record === null) return false;
    this.settle(fetch, { kind: 'found', record });
    return true;
  }

  private settle(fetch: Fetch, outcome: FetchOutcome): void {
    this.open.delete(fetch.id);
    this.byName.delete(fetch.name);
    const isForAll = outcome.kind !== 'absent';
    const answered = isForAll ? [...fetch.readers, ...fetch.latecomers] : fetch.readers;
    this.readers -= answered.length;
    for (const requestId of answered) this.parts.stage.sink.settleFetch(requestId, outcome);
    if (!isForAll && fetch.latecomers.length > 0) this.begin(fetch.name, fetch, fetch.latecomers);
  }
}

/** Metadata is none to a reader that wants the value. */
function isAnswer(offered: Offered, fetch: Fetch): boolean {
  switch (offered.kind) {
    case 'found':
      return fetch.isEnough(offered.record.version);
    case 'described':
      return fetch.isMetadataOnly && fetch.isEnough(offered.metadata.version);
  }
}
