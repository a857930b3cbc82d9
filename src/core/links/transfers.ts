// The messages of one link that are too large for a frame: one at a time leaves in chunks, the
// others wait for it.
import type { NodeId } from '../base/identity';
import { Fifo } from '../base/fifo';
import type { ByteWriter } from '../wire/byte-writer';
import type { Bulk } from '../wire/messages';
import type { Charge } from './queue-share';
import type { RepairBudget } from './repair-budget';
import { Transfer } from './transfer';

export interface Queued {
  readonly message: Bulk;
  readonly charge: Charge;
}

export class Transfers {
  readonly waiting = new Fifo<Queued>();
  private current: Transfer | null = null;
  private count = 0;

  /** @param onEnd called with the charge of each that is over */
  constructor(private readonly onEnd: (charge: Charge) => void) {}

  get isUnderWay(): boolean {
    return this.current !== null;
  }

  get hasAny(): boolean {
    return this.current !== null || this.waiting.length > 0;
  }

  /** Writes all of the next chunk but what it returns, a part of the stored value. */
  writeChunk(self: NodeId, monoMs: number, writer: ByteWriter, budget: RepairBudget): Uint8Array | undefined {
    const transfer = this.current ?? this.begin(self, monoMs);
    if (transfer === null || (transfer.isRepair && !budget.take())) return undefined;
    const shared = transfer.writeNext(writer);
    if (transfer.isOver) this.end();
    return shared;
  }

  /** Lets go of the one under way. */
  end(): void {
    if (this.current === null) return;
    this.onEnd(this.current.charge);
    this.current = null;
  }

  private begin(self: NodeId, monoMs: number): Transfer | null {
    const next = this.waiting.shift();
    if (next === undefined) return null;
    this.count += 1;
    this.current = new Transfer(this.count, next.message, next.charge, self, monoMs);
    return this.current;
  }
}
