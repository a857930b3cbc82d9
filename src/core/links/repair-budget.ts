// How much one call of the core may send for repairs, over all links together: what peers ask for
// does not add up to a call that holds the loop. Links take turns, so that none waits for ever.

/** Batches or pieces of large values: as many as one link may send in one call. */
const PARTS_PER_CALL = 8;

export class RepairBudget {
  private left = PARTS_PER_CALL;

  get isSpent(): boolean {
    return this.left <= 0;
  }

  /** False when the rest must wait for the next call. */
  take(): boolean {
    if (this.isSpent) return false;
    this.left -= 1;
    return true;
  }
}
