// What moves between this node and its clients and is not over at once: bodies that arrive, answers
// that are not read, bodies that are not wanted. Each must keep a pace, however little there is to
// do. When memory is short the slowest goes first. One timer looks after all of them, and only
// while there are any.

import type { Socket } from 'node:net';

export interface Pace {
  /** Each window must move `bytes`, or the rest. */
  readonly windowMs: number;
  readonly bytes: number;
  /** Nothing takes longer than this. */
  readonly totalMs: number;
}

/**
 * Less than the slowest mobile link brings (0.8 KiB/s). A client that trickles bytes to hold memory
 * pays for it in bandwidth. Five minutes for one of the largest values are 35 KiB/s.
 */
export const PACE: Pace = { windowMs: 10_000, bytes: 8192, totalMs: 300_000 };

const BEATS_PER_WINDOW = 10;
/**
 * Younger ones have no speed yet. They stay, unless they have not moved at all: an answer that is
 * not read costs its client nothing.
 */
const YOUNG_BEATS = 2;
/** A transfer that is faster is done before long. It does not have to go for another. */
const FAST_BYTES_PER_SECOND = 1024 * 1024;

/** Stays when another needs its room. */
const PROTECTED = 2;

export type CutReason = 'too-slow' | 'busy';

export abstract class Transfer {
  /** Beats it has lived through; kept by Transfers. */
  beats = 0;
  /** Bytes moved when it began, when its window began, and at the last beat; kept by Transfers. */
  movedBeforeBegin = 0;
  movedBeforeWindow = 0;
  movedBeforeBeat = 0;
  /** Bytes per beat, the last beats counting most; kept by Transfers. */
  speed = 0;

  abstract readonly socket: Socket;
  /** Charged to the ledger now: what would be free if it ended. */
  abstract get heldBytes(): number;
  /** Only ever grows; what it is at the beginning does not count as speed. */
  abstract get movedBytes(): number;
  /**
   * Ends it, for being too slow or because its room is needed. Gives back what it held before it
   * returns.
   */
  abstract cut(reason: CutReason): void;

  /** This node ends: what has not come by now is not waited for any more. */
  giveUp(): void {
    // Of most there is nothing that anybody could be told.
  }
}

export class Transfers {
  private readonly running = new Set<Transfer>();
  private readonly beatMs: number;
  private readonly beatsMax: number;
  private timer: NodeJS.Timeout | null = null;
  private readonly counts: Record<CutReason, number> = { 'too-slow': 0, busy: 0 };

  constructor(private readonly pace: Pace = PACE) {
    this.beatMs = pace.windowMs / BEATS_PER_WINDOW;
    this.beatsMax = pace.totalMs / this.beatMs;
  }

  begin(transfer: Transfer): void {
    const { movedBytes } = transfer;
    transfer.movedBeforeBegin = movedBytes;
    transfer.movedBeforeWindow = movedBytes;
    transfer.movedBeforeBeat = movedBytes;
    this.running.add(transfer);
    this.timer ??= setInterval(() => this.beat(), this.beatMs).unref();
  }

  end(transfer: Transfer): void {
    this.running.delete(transfer);
  }

  get size(): number {
    return this.running.size;
  }

  /** Of all that run; counts as no cut. */
  giveUp(): void {
    for (const transfer of [...this.running]) transfer.giveUp();
  }

  /** Transfers ended since the start. */
  cuts(reason: CutReason): number {
    return this.counts[reason];
  }

  /**
   * Ends the slowest until it `isEnough`. `asking` is never ended: where it is the slowest itself,
   * the others stay. With `force` the protected ones go as well, last, because what is held is held
   * already.
   */
  makeRoom(isEnough: () => boolean, asking: Transfer | null, force = false): void {
    for (const transfer of this.slowestFirst(force)) {
      if (isEnough() || transfer === asking) return;
      this.cut(transfer, 'busy');
    }
  }

  /** Somebody would have to go if memory were short. */
  get hasSlow(): boolean {
    return this.slowestFirst(false).length > 0;
  }

  /** Connections of those that are slow, whatever they hold; the slowest first. */
  slowSockets(): Socket[] {
    return [...this.running]
      .filter((transfer) => this.protectionOf(transfer) === 0)
      .sort((a, b) => a.speed - b.speed)
      .map(({ socket }) => socket);
  }

  private slowestFirst(force: boolean): Transfer[] {
    return [...this.running]
      .filter((transfer) => transfer.heldBytes > 0)
      .map((transfer) => ({ transfer, protection: this.protectionOf(transfer) }))
      .filter(({ protection }) => force || protection < PROTECTED)
      .sort((a, b) => a.protection - b.protection || a.transfer.speed - b.transfer.speed)
      .map(({ transfer }) => transfer);
  }

  private protectionOf(transfer: Transfer): number {
    const isYoung = transfer.beats < YOUNG_BEATS;
    const fastBytesPerBeat = (FAST_BYTES_PER_SECOND / 1000) * this.beatMs;
    if (!isYoung && transfer.speed < fastBytesPerBeat) return 0;
    return transfer.movedBytes === transfer.movedBeforeBegin ? 1 : PROTECTED;
  }

  private beat(): void {
    if (this.running.size === 0) {
      if (this.timer !== null) clearInterval(this.timer);
      this.timer = null;
      return;
    }
    for (const transfer of this.running) {
      measure(transfer);
      if (this.isTooSlow(transfer)) this.cut(transfer, 'too-slow');
    }
  }

  private isTooSlow(transfer: Transfer): boolean {
    if (transfer.beats >= this.beatsMax) return true;
    if (transfer.beats % BEATS_PER_WINDOW !== 0) return false;
    const movedInWindow = transfer.movedBeforeBeat - transfer.movedBeforeWindow;
    transfer.movedBeforeWindow = transfer.movedBeforeBeat;
    return movedInWindow < this.pace.bytes;
  }

  private cut(transfer: Transfer, reason: CutReason): void {
    this.running.delete(transfer);
    this.counts[reason] += 1;
    transfer.cut(reason);
  }
}

function measure(transfer: Transfer): void {
  const { movedBytes } = transfer;
  transfer.beats += 1;
  transfer.speed = (transfer.speed + movedBytes - transfer.movedBeforeBeat) / 2;
  transfer.movedBeforeBeat = movedBytes;
}
