// What may be half received from all peers together. Where there is no room for one more piece, the
// transfer that comes slowest ends, so that nobody keeps others out by beginning what he does not
// finish; repair brings later what is lost so.
import { TIMING } from '../base/settings';

/** A transfer that brought nothing for this long gives way before any that moves. */
const STILL_MS = 1000;
/** Added to a transfer's age: one that has just begun is not fast yet. */
const GRACE_MS = 1000;

/** A transfer under way. */
export interface Arriving {
  readonly heldBytes: number;
  readonly beganAtMs: number;
  readonly movedAtMs: number;
  /** Lets go of what has arrived. */
  drop(): void;
}

export class AssemblyRoom {
  private readonly transfers = new Set<Arriving>();
  private held = 0;

  /** @param bytesMax bytes of pieces that may wait for the rest of their messages */
  constructor(private bytesMax: number) {}

  /**
   * A message of this size is to arrive. A node whose own clients write less has room for one such,
   * or it could never take it.
   */
  meets(bytes: number): void {
    this.bytesMax = Math.max(this.bytesMax, bytes);
  }

  get heldBytes(): number {
    return this.held;
  }

  /** Takes `bytes` more in for `transfer`; false when that was dropped for it. */
  hold(transfer: Arriving, bytes: number, nowMs: number): boolean {
    this.transfers.add(transfer);
    while (this.held + bytes > this.bytesMax) {
      const slowest = this.slowest(transfer, transfer.heldBytes + bytes, nowMs);
      slowest.drop();
      if (slowest === transfer) return false;
    }
    this.held += bytes;
    return true;
  }

  /** The transfer is over, whatever became of it. */
  release(transfer: Arriving): void {
    if (this.transfers.delete(transfer)) this.held -= transfer.heldBytes;
  }

  /** Ends what stands still. */
  tick(nowMs: number): void {
    for (const transfer of this.transfers)
      if (nowMs - transfer.movedAtMs >= TIMING.transferStalledMs) transfer.drop();
  }

  /** Of two as slow not the one that asks, which counts with the piece it brings. */
  private slowest(asker: Arriving, askerBytes: number, nowMs: number): Arriving {
    let slowest = asker;
    let least = speed(asker, askerBytes, nowMs);
    for (const transfer of this.transfers) {
      const its = speed(transfer, transfer.heldBytes, nowMs);
      if (transfer === asker || its > least) continue;
      slowest = transfer;
      least = its;
    }
    return slowest;
  }
}

/** Bytes per millisecond since it began; 0 when it stands still. */
function speed({ beganAtMs, movedAtMs }: Arriving, heldBytes: number, nowMs: number): number {
  return nowMs - movedAtMs >= STILL_MS ? 0 : heldBytes / (nowMs - beganAtMs + GRACE_MS);
}
