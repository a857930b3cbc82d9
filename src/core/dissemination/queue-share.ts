// How much may wait for one peer: a share of what may wait for all, so that many silent peers cost no more than a few. Always
// room for one of the largest values.
import { LIMITS } from '../node/settings';

export class QueueShare {
  private links = 0;

  /** @param messageBytesMax the largest message that can be queued */
  constructor(readonly messageBytesMax: number) {}

  opened(): void {
    this.links += 1;
  }

  closed(): void {
    this.links -= 1;
  }

  /** Bytes of values that may wait on one link. */
  get bytesMax(): number {
    const share = LIMITS.allQueuesBytesMax / Math.max(1, this.links);
    return Math.max(Math.min(LIMITS.linkQueueBytesMax, share), 2 * this.messageBytesMax);
  }
}
