// Reads that this node could not answer alone: one up-to-date peer is asked, then the next, and a found value is kept.
import type { Member } from '../membership/member';
import type { Membership } from '../membership/membership';
import type { NodeId } from '../membership/identity';
import type { ReadRecord } from '../node/effects';
import type { RequestId } from '../node/inputs';
import type { Prng } from '../node/prng';
import { TIMING } from '../node/settings';
import type { Stage } from '../node/stage';
import type { Entry } from '../store/entry';
import { compareVersions, type Version } from '../version/version';

const PEERS_ASKED_MAX = 3;

interface Fetch {
  readonly key: string;
  readonly minVersion: Version | null;
  readonly asked: NodeId[];
  /** A version that is known to exist may still be on its way: it is not called absent before. */
  readonly notAbsentBeforeMs: number;
  deadlineMs: number;
}

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
  private readonly open = new Map<RequestId, Fetch>();

  constructor(
    /** The readable entry of a key now. */
    private readonly lookUp: (key: string) => Entry | null,
    private readonly membership: Membership,
    private readonly prng: Prng,
    private readonly stage: Stage,
  ) {}

  start(requestId: RequestId, key: string, minVersion: Version | null): void {
    const waitMs = minVersion === null ? 0 : TIMING.fetchTimeoutMs;
    const notAbsentBeforeMs = this.stage.now.monoMs + waitMs;
    const fetch: Fetch = { key, minVersion, asked: [], notAbsentBeforeMs, deadlineMs: 0 };
    this.open.set(requestId, fetch);
    if (!this.settleFromStore(requestId, fetch)) this.askNext(requestId, fetch);
  }

  /** A peer answered; what it sent has been merged already. */
  answered(requestId: RequestId, from: NodeId): void {
    const fetch = this.open.get(requestId);
    if (!fetch?.asked.includes(from)) return;
    if (this.settleFromStore(requestId, fetch)) return;
    if (fetch.minVersion === null) this.settle(requestId, null);
    else this.askNext(requestId, fetch);
  }

  tick(): void {
    const { monoMs } = this.stage.now;
    for (const [requestId, fetch] of this.open) {
      if (this.settleFromStore(requestId, fetch)) continue;
      if (monoMs >= fetch.deadlineMs) this.askNext(requestId, fetch);
    }
  }

  nextDeadlineMs(): number {
    let next = Infinity;
    for (const fetch of this.open.values()) next = Math.min(next, fetch.deadlineMs);
    return next;
  }

  private askNext(requestId: RequestId, fetch: Fetch): void {
    const peer = fetch.asked.length < PEERS_ASKED_MAX ? this.choose(fetch) : null;
    const link = peer?.link ?? null;
    const { monoMs } = this.stage.now;
    if (peer === null || link === null) {
      if (this.settleFromStore(requestId, fetch)) return;
      if (monoMs >= fetch.notAbsentBeforeMs) this.settle(requestId, null);
      else fetch.deadlineMs = fetch.notAbsentBeforeMs;
      return;
    }
    fetch.asked.push(peer.id);
    fetch.deadlineMs = monoMs + TIMING.fetchTimeoutMs;
    link.say({ type: 'fetch', requestId, key: fetch.key, minVersion: fetch.minVersion });
  }

  private choose(fetch: Fetch): Member | null {
    const able = [...this.membership.active()].filter(
      (m) => m.link !== null && m.status?.ready === true && !m.window.lagging && !fetch.asked.includes(m.id),
    );
    const writer = able.find((m) => m.id === fetch.minVersion?.origin);
    return writer ?? (able.length === 0 ? null : able[this.prng.below(able.length)]);
  }

  private settleFromStore(requestId: RequestId, fetch: Fetch): boolean {
    const entry = this.lookUp(fetch.key);
    if (entry === null) return false;
    if (fetch.minVersion !== null && compareVersions(entry, fetch.minVersion) < 0) return false;
    this.settle(requestId, entry);
    return true;
  }

  private settle(requestId: RequestId, entry: Entry | null): void {
    this.open.delete(requestId);
    const record = entry === null ? null : toReadRecord(entry);
    this.stage.sink.settleFetch(requestId, record === null ? { kind: 'absent' } : { kind: 'found', record });
  }
}
