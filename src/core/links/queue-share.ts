// How much may wait for one peer: a share of what may wait for all, so that many silent peers cost no more than a few. Always
// room for two of the largest values: one that fills the queue would drop whatever waits before it.
import { LIMITS } from '../base/settings';

export class QueueShare {
  private links = 0;

  /**
   * @param messageBytesMax the largest message that can be queued
   * @param allBytesMax bytes of values that may wait for all peers together
   */
  constructor(
    readonly messageBytesMax: number,
    private readonly allBytesMax: number,
  ) {}

  opened(): void {
    this.links += 1;
  }

  closed(): void {
    this.links -= 1;
  }

  /** Bytes of values that may wait on one link. */
  get bytesMax(): number {
    const share = this.allBytesMax / Math.max(2, this.links);
    return Math.max(Math.min(LIMITS.linkQueueBytesMax, share), 2 * this.messageBytesMax);
  }
}
