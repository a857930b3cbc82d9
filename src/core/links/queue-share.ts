// How much may wait for peers. Each has a share of what may wait for all, with room for two of the
// largest values in any case: one that fills the queue would drop whatever waits before it. And all
// together have a bound: a value that waits for many is held once and counted once, and where there
// is no room for it, whoever keeps most waiting loses all of that. A peer may have brought a value
// that is larger than clients may write here. From then on that one is the largest.
import { LIMITS } from '../base/limits';

/**
 * Smaller values are counted for each link anew: to count them once would cost more than it is
 * worth.
 */
const SHARED_BYTES_MIN = 1024;
/** Bytes handed to a socket at least before its link waits: about one frame of values. */
const UNSENT_BYTES_MIN = 128 * 1024;

/** A link, as far as its queue goes. */
export interface Queue {
  readonly queuedBytes: number;
  readonly unsentBytes: number;
  /** Lets go of everything that waits. */
  drop(): void;
}

/** What one message in one queue is counted as. */
export interface Charge {
  readonly bytes: number;
  /** The value that is among them and counted once for all queues; null = none. */
  readonly value: Uint8Array | null;
}

export class QueueShare {
  private readonly queues = new Set<Queue>();
  private readonly holders = new Map<Uint8Array, number>();
  private held = 0;

  /**
   * @param largestBytes the largest message that a write of a client makes
   * @param allBytesMax bytes of values that may wait for all peers together; one message more is
   * let in
   */
  constructor(
    private largestBytes: number,
    private readonly allBytesMax: number,
  ) {}

  /** A message of this size is to be queued. */
  meets(bytes: number): void {
    this.largestBytes = Math.max(this.largestBytes, bytes);
  }

  opened(queue: Queue): void {
    this.queues.add(queue);
  }

  closed(queue: Queue): void {
    if (this.queues.delete(queue)) queue.drop();
  }

  /** Bytes of values that may wait on one link. */
  get bytesMax(): number {
    return Math.max(Math.min(LIMITS.linkQueueBytesMax, this.equalShare), 2 * this.largestBytes);
  }

  /** Bytes that one socket may be given and not have taken: copies, which no two links share. */
  get unsentBytesMax(): number {
    return Math.max(Math.min(LIMITS.linkUnsentBytesMax, this.equalShare), UNSENT_BYTES_MIN);
  }

  /** Bytes that wait for all peers together. */
  get heldBytes(): number {
    return this.held;
  }

  /** Counts a message that is queued now; to be released with the same charge. */
  charge(bytes: number, value: Uint8Array | null): Charge {
    if (value === null || value.byteLength < SHARED_BYTES_MIN) {
      this.held += bytes;
      return { bytes, value: null };
    }
    const holders = this.holders.get(value) ?? 0;
    this.holders.set(value, holders + 1);
    this.held += holders === 0 ? bytes : bytes - value.byteLength;
    return { bytes, value };
  }

  release({ bytes, value }: Charge): void {
    if (value === null) {
      this.held -= bytes;
      return;
    }
    this.held -= bytes - value.byteLength;
    const holders = (this.holders.get(value) ?? 0) - 1;
    if (holders > 0) {
      this.holders.set(value, holders);
      return;
    }
    this.holders.delete(value);
    this.held -= value.byteLength;
  }

  /** Whether one more message of this size would push nothing out. */
  hasRoomFor(bytes: number): boolean {
    return this.held + bytes <= this.allBytesMax + this.largestBytes;
  }

  /** Whoever keeps most waiting gives way, until what is held is within its bound. */
  makeRoom(): void {
    while (!this.hasRoomFor(0)) {
      const longest = this.longest();
      if (longest === null) return;
      longest.drop();
    }
  }

  private get equalShare(): number {
    return this.allBytesMax / Math.max(2, this.queues.size);
  }

  /** Of two as long the one whose socket takes less. */
  private longest(): Queue | null {
    let longest: Queue | null = null;
    for (const queue of this.queues) {
      if (queue.queuedBytes === 0) continue;
      const more = longest === null ? 1 : queue.queuedBytes - longest.queuedBytes;
      if (longest === null || more > 0 || (more === 0 && queue.unsentBytes > longest.unsentBytes))
        longest = queue;
    }
    return longest;
  }
}
