// One read that is asked of peers: who was asked, what they said, how long it goes on. Plain state
// of Fetches.
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';
import type { RequestId } from '../base/inputs';
import { TIMING } from '../base/settings';
import type { Known } from '../store/entry';
import { compareVersions, formatVersion, nextVersion, type Version } from '../base/version';

export interface FetchAim {
  readonly key: string;
  readonly minVersion: Version | null;
  /** Its reader holds something older already. */
  readonly isConfirmation: boolean;
  /** Its reader needs no bytes of the value. */
  readonly isMetadataOnly: boolean;
}

/** Reads with the same name look for the same. */
export function fetchName({ key, minVersion, isConfirmation, isMetadataOnly }: FetchAim): string {
  const least = minVersion === null ? '' : formatVersion(minVersion);
  return `${isConfirmation ? '?' : ''}${isMetadataOnly ? '#' : ''}${least}=${key}`;
}

/** How often a read that waits for somebody to ask tries again. */
const RETRY_MS = 50;

export class Fetch implements FetchAim {
  readonly key: string;
  readonly minVersion: Version | null;
  readonly isConfirmation: boolean;
  readonly isMetadataOnly: boolean;
  /** Those that came before anybody was sent a question. */
  readonly readers: RequestId[];
  /** Those that came later: what was said before they came tells them nothing of absence. */
  readonly latecomers: RequestId[] = [];
  /** Whom it asked, and whether they were ready then. */
  readonly asked = new Map<NodeId, boolean>();
  /** Who answered that it holds nothing, and whether it was ready. */
  readonly words = new Map<NodeId, boolean>();
  /** Somebody is sure that there is nothing. */
  isDenied = false;
  /** Somebody holds it, under a stamp that this node may not take: one of their clocks is wrong. */
  isUntimely = false;
  waitsFor: NodeId | null = null;
  /** A question has left this node. */
  isUnderWay = false;
  /** When it does the next thing. */
  deadlineMs: number;
  endsAtMs: number;
  /** A version that is known to exist may still be on its way: it is not called absent before. */
  readonly notAbsentBeforeMs: number;

  constructor(
    readonly id: number,
    readonly name: string,
    { key, minVersion, isConfirmation, isMetadataOnly }: FetchAim,
    /** Owned by it from here on. */
    readers: RequestId[],
    readonly startedAtMs: number,
  ) {
    this.key = key;
    this.minVersion = minVersion;
    this.isConfirmation = isConfirmation;
    this.isMetadataOnly = isMetadataOnly;
    this.readers = readers;
    this.deadlineMs = startedAtMs;
    this.endsAtMs = startedAtMs + (isConfirmation ? TIMING.confirmPatienceMs : TIMING.fetchPatienceMs);
    const isExpected = minVersion !== null && !isConfirmation;
    this.notAbsentBeforeMs = startedAtMs + (isExpected ? TIMING.fetchTimeoutMs : 0);
  }

  join(reader: RequestId): void {
    (this.isUnderWay ? this.latecomers : this.readers).push(reader);
  }

  isEnough(version: Version): boolean {
    return this.minVersion === null || compareVersions(version, this.minVersion) >= 0;
  }

  /**
   * The least version that would be an answer here, where this much is known already; null = any.
   */
  leastUseful(known: Known | undefined): Version | null {
    if (known === undefined) return this.minVersion;
    const useful = known.holding === 'not-held' ? known : nextVersion(known);
    return this.isEnough(useful) ? { hlc: useful.hlc, origin: useful.origin } : this.minVersion;
  }

  /** Once; and again when it was not ready and is now. */
  mayAsk({ id, status }: Member): boolean {
    const wasReady = this.asked.get(id);
    return wasReady === undefined || (!wasReady && status?.ready === true && this.waitsFor !== id);
  }

  ask({ id, status }: Member, nowMs: number): void {
    this.asked.set(id, status?.ready === true);
    this.waitsFor = id;
    this.deadlineMs = Math.min(this.endsAtMs, nowMs + TIMING.fetchTimeoutMs);
  }

  /** It answered; false when it was not asked. */
  heard({ id, status }: Member, isSure: boolean): boolean {
    if (!this.asked.has(id)) return false;
    this.words.set(id, isSure || status?.ready === true);
    if (isSure) this.isDenied = true;
    if (this.waitsFor === id) this.waitsFor = null;
    return true;
  }

  /** There is nobody to ask now. */
  rest(nowMs: number): void {
    const nextMs = nowMs < this.notAbsentBeforeMs ? this.notAbsentBeforeMs : this.endsAtMs;
    this.deadlineMs = Math.min(nextMs, nowMs + RETRY_MS);
  }

  waitOn(nowMs: number): void {
    const lastMs = this.startedAtMs + TIMING.fetchTransferMaxMs;
    this.deadlineMs = Math.max(this.deadlineMs, Math.min(lastMs, nowMs + TIMING.fetchTimeoutMs));
    this.endsAtMs = Math.max(this.endsAtMs, this.deadlineMs);
  }
}
