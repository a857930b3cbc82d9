// Writes that the core has not settled yet. Each has a slot, whose number the core knows it by. The
// next write takes the slot of one that is settled, so nothing is made anew for each.
import type { PutOutcome } from '../core/base/effects';
import type { RequestId } from '../core/base/inputs';
import type { NodeTally } from './node-tally';

type Resolve = (outcome: PutOutcome) => void;

export class WaitingPuts {
  private readonly resolves: (Resolve | null)[] = [];
  private readonly startedMs: number[] = [];
  private readonly free: number[] = [];

  constructor(private readonly tally: Pick<NodeTally, 'settled'>) {}

  get size(): number {
    return this.resolves.length - this.free.length;
  }

  /** By what it returns the write is settled, once. */
  add(resolve: Resolve): RequestId {
    const slot = this.free.pop() ?? this.resolves.length;
    this.resolves[slot] = resolve;
    this.startedMs[slot] = performance.now();
    return slot;
  }

  settle(slot: RequestId, outcome: PutOutcome): void {
    const resolve = this.resolves[slot];
    if (resolve === null) return;
    this.resolves[slot] = null;
    this.free.push(slot);
    this.tally.settled(outcome, performance.now() - this.startedMs[slot]);
    resolve(outcome);
  }
}
