// How versions end: values whose deadline came become stubs, stubs whose time is up are forgotten,
// and the oldest stubs are dropped early when they take too much. All of it in slices.
import type { Now } from '../base/now';
import { TIMING } from '../base/settings';
import { stampedAtMs } from '../base/version';
import type { Walk } from './arrivals';
import type { Books } from './books';
import { BUCKET_MS, Deadlines, GROUP_BITS, stepEndMs } from './deadlines';
import type { Ended } from './entry';
import type { Lifetimes } from './lifetimes';
import { NONE, type Table } from './table';

/** Stubs may take this share of the limit before old ones are dropped early. */
const STUB_SHARE = 0.1;
/** A stub is never dropped early within this time after its value expired. */
const STUB_KEPT_MS = 15 * 60_000;
/**
 * A value still there this long after its deadline was missed: a bug, mended and counted by the
 * sweep.
 */
const OVERDUE_MS = 5000;
/** Groups of rows that are looked through for each entry that may be handled. */
const GROUPS_PER_ENTRY = 2;
/** Bytes that are looked at in one call to close gaps, once nothing is due. */
const TIDY_BYTES = 64 * 1024;
const TIDY_STEP_MS = 1;
const GROUP_ROWS = 1 << GROUP_BITS;

export interface Ends {
  /**
   * Every value whose deadline, monotonic milliseconds, was before this has ended; as far as is
   * known without a look at each.
   */
  endedThroughMs(nowMs: number): number;
  /**
   * Versions that ended after this are still known. What ended in the last minute before this node
   * began is known to those that fill it.
   */
  readonly forgottenThroughMs: number;
}

export class Expiry implements Ends {
  droppedEarly = 0;
  /** Verification passes completed, and values that they found past their deadline. */
  sweeps = 0;
  overdue = 0;
  private readonly deadlines = new Deadlines();
  private sweeping: Walk | null = null;
  /** The latest deadline of a version that is forgotten. */
  private forgottenThrough: number;
  /** When gaps are closed next; Infinity when there are few. */
  private tidyAtMs = Infinity;

  constructor(
    private readonly table: Table,
    private readonly books: Books,
    private readonly lifetimes: Lifetimes,
    private readonly storageBytesMax: number,
    private readonly ended: ((ended: Ended) => void) | undefined,
    nowMs: number,
  ) {
    this.forgottenThrough = nowMs - TIMING.endsKeptMs;
  }

  /** A version has come to this row. */
  add(row: number): void {
    this.deadlines.add(row >>> GROUP_BITS, this.dueAtMs(row));
  }

  endedThroughMs(nowMs: number): number {
    return Math.min(stepEndMs(nowMs), this.deadlines.nextMs()) - BUCKET_MS;
  }

  get forgottenThroughMs(): number {
    return this.forgottenThrough;
  }

  nextMs(): number {
    return Math.min(this.deadlines.nextMs(), this.tidyAtMs);
  }

  /** Handles at most `budget` entries and returns how many. */
  expire(now: Now, budget: number): number {
    let handled = 0;
    for (let looks = budget * GROUPS_PER_ENTRY; looks > 0 && handled < budget; looks -= 1) {
      const group = this.deadlines.due(now.monoMs);
      if (group === null) break;
      handled += this.expireGroup(group, now, budget - handled);
    }
    handled += this.dropStubsEarly(now, budget - handled);
    this.tidy(now.monoMs, handled < budget);
    return handled;
  }

  /** While more is about to end, moving it would be for nothing. */
  private tidy(nowMs: number, isIdle: boolean): void {
    const { table } = this;
    if (isIdle && table.hasManyGaps) table.tidy(TIDY_BYTES);
    this.tidyAtMs = table.hasManyGaps ? nowMs + TIDY_STEP_MS : Infinity;
  }

  beginSweep(): void {
    this.sweeping ??= this.table.live.walk();
  }

  get isSweeping(): boolean {
    return this.sweeping !== null;
  }

  /** Looks at up to `budget` entries of the pass under way. */
  sweep(now: Now, budget: number): void {
    for (let looked = 0; looked < budget && this.sweeping !== null; looked += 1) {
      const row = this.sweeping.next();
      if (row === NONE) this.endSweep(this.sweeping);
      else if (this.table.expiresAtMs(row) + OVERDUE_MS < now.monoMs) {
        this.overdue += 1;
        this.deadlines.add(row >>> GROUP_BITS, this.table.expiresAtMs(row));
      }
    }
  }

  private endSweep(walk: Walk): void {
    walk.close();
    this.sweeping = null;
    this.sweeps += 1;
  }

  /** Ends what is due in a group, and finds out when the group is due next. */
  private expireGroup(group: number, now: Now, budget: number): number {
    const first = group * GROUP_ROWS;
    let handled = 0;
    let earliestMs = Infinity;
    for (let row = first; row < first + GROUP_ROWS; row += 1) {
      let atMs = this.dueAtMs(row);
      if (handled < budget && stepEndMs(atMs) <= now.monoMs) {
        handled += 1;
        this.end(row, now);
        atMs = this.dueAtMs(row);
      }
      if (atMs < earliestMs) earliestMs = atMs;
    }
    this.deadlines.set(group, earliestMs);
    return handled;
  }

  private end(row: number, now: Now): void {
    const { table, books } = this;
    const isStub = table.isStub(row);
    const { ttlMs, expiresAtMs } = { ttlMs: table.ttlMs(row), expiresAtMs: table.expiresAtMs(row) };
    table.look(row);
    if (!isStub && this.lifetimes.stubEndMs({ ttlMs, expiresAtMs }) > now.monoMs) {
      books.account(-1);
      table.turnToStub(row);
      books.account(1);
      this.ended?.(table.atHand);
      return;
    }
    if (!isStub) this.ended?.(table.atHand);
    this.forget(row);
  }

  /** When a row must be looked at: at its deadline, for a stub at its end, a free row never. */
  private dueAtMs(row: number): number {
    const { table } = this;
    const expiresAtMs = table.expiresAtMs(row);
    if (expiresAtMs === Infinity || !table.isStub(row)) return expiresAtMs;
    return this.lifetimes.stubEndMs({ ttlMs: table.ttlMs(row), expiresAtMs });
  }

  /** Nothing is known any more of the key whose record is at hand. */
  private forget(row: number): void {
    const { table, books } = this;
    this.forgottenThrough = Math.max(this.forgottenThrough, table.expiresAtMs(row));
    books.toggle(table.hashRecordForTree());
    books.account(-1);
    table.remove(row);
  }

  /** Oldest first, only those that nothing known can still contradict. */
  private dropStubsEarly(now: Now, budget: number): number {
    const { table, books } = this;
    let dropped = 0;
    while (dropped < budget && books.stubBytes > this.storageBytesMax * STUB_SHARE) {
      const row = table.stubs.first;
      if (row === NONE) break;
      table.look(row);
      const stub = table.known(row);
      const coverMs = Math.max(stub.supersedesUntilMs - stampedAtMs(stub), stub.ttlMs + STUB_KEPT_MS);
      if (now.monoMs < stub.expiresAtMs - stub.ttlMs + coverMs) break;
      this.forget(row);
      this.droppedEarly += 1;
      dropped += 1;
    }
    return dropped;
  }
}
