// Memory for records: buffers of 16 KiB to 1 MiB that are filled from their start and never
// rewritten, as in a log-structured file system (Rosenblum and Ousterhout 1992). A record that is
// over leaves a gap. A segment without records is given back at once. When the gaps are more than a
// sixth of what is used, whoever holds the records moves those of the emptiest segment to the end.
// A place is a number of 32 bits, in steps of four bytes: 16 GiB can be named.

const SEGMENT_BITS = 20;
const STEP_BITS = 2;
const SEGMENTS_MAX = 2 ** (32 - SEGMENT_BITS + STEP_BITS);
/** Just below a power of two, so that the allocator's own words do not cost another page. */
const SEGMENT_BYTES_MAX = 2 ** SEGMENT_BITS - 256;
const SEGMENT_BYTES_MIN = 2 ** 14 - 256;
/** Beyond this no new key is taken; the rest is for what replaces and for what is moved. */
const SEGMENTS_FOR_NEW = SEGMENTS_MAX - 1024;
/** Gaps may take this share of the bytes in use, and at least so much. */
const GAP_SHARE = 1 / 6;
const GAP_BYTES_MIN = 2 ** 15;

interface Segment {
  readonly bytes: Uint8Array;
  /** Bytes from the start that have been given out. */
  filled: number;
  /** Of these, bytes of records that are not over. */
  used: number;
}

export class Segments {
  private readonly segments: (Segment | null)[] = [];
  private readonly free: number[] = [];
  /** The segment that is being filled; -1 before the first. */
  private head = -1;
  private capacityBytes = 0;
  private filledBytes = 0;
  private usedBytes = 0;
  /** One that was given back last, for the next that is needed. */
  private spare: Uint8Array | null = null;
  /** The segment whose records are being moved, and how far; -1 when none is. */
  private emptied = -1;
  private passed = 0;

  /** Bytes of all segments. */
  get capacity(): number {
    return this.capacityBytes;
  }

  get used(): number {
    return this.usedBytes;
  }

  /** The memory that places can name is as good as used up. */
  get isExhausted(): boolean {
    return this.segments.length - this.free.length >= SEGMENTS_FOR_NEW;
  }

  /**
   * Whether there are so many gaps that records should be moved. Those of the segment that is being
   * filled do not count: nothing is moved out of it.
   */
  get hasManyGaps(): boolean {
    const head = this.head < 0 ? null : this.segments[this.head];
    const gaps = this.filledBytes - this.usedBytes - (head === null ? 0 : head.filled - head.used);
    return gaps > GAP_BYTES_MIN && gaps > this.usedBytes * GAP_SHARE;
  }

  /**
   * A place for a record.
   * @param size bytes, a multiple of four, at most 1 MiB - 256
   */
  take(size: number): number {
    let segment = this.head < 0 ? null : this.segments[this.head];
    if (segment === null || segment.filled + size > segment.bytes.length) segment = this.open(size);
    const at = segment.filled;
    segment.filled += size;
    segment.used += size;
    this.filledBytes += size;
    this.usedBytes += size;
    return ((this.head << (SEGMENT_BITS - STEP_BITS)) | (at >>> STEP_BITS)) >>> 0;
  }

  bytesOf(place: number): Uint8Array {
    const segment = this.segments[place >>> (SEGMENT_BITS - STEP_BITS)];
    if (segment === null) throw new Error('a place in a segment that was given back');
    return segment.bytes;
  }

  /** Where in these bytes. */
  offsetOf(place: number): number {
    return (place << STEP_BITS) & (2 ** SEGMENT_BITS - 1);
  }

  /** So many bytes of the record there are over. */
  give(place: number, size: number): void {
    const number = place >>> (SEGMENT_BITS - STEP_BITS);
    const segment = this.segments[number];
    if (segment === null) throw new Error('a place in a segment that was given back');
    segment.used -= size;
    this.usedBytes -= size;
    if (segment.used > 0) return;
    this.filledBytes -= number === this.head ? segment.filled : segment.bytes.length;
    segment.filled = 0;
    if (number !== this.head || this.usedBytes === 0) this.close(number, segment);
  }

  /**
   * The place of the record to be moved next, whether it is over or not; null when no segment is
   * worth it. It stays the same until `pass`.
   */
  nextToMove(): number | null {
    const segment = this.emptied < 0 ? null : this.segments[this.emptied];
    if (segment === null || this.passed >= segment.filled) {
      this.emptied = this.emptiest();
      this.passed = 0;
    }
    if (this.emptied < 0) return null;
    return ((this.emptied << (SEGMENT_BITS - STEP_BITS)) | (this.passed >>> STEP_BITS)) >>> 0;
  }

  /** The record that was named last is of this size and needs to be moved no more. */
  pass(size: number): void {
    this.passed += size;
  }

  /** But for the one that is being filled. */
  private emptiest(): number {
    let best = -1;
    let bestShare = 1;
    for (let number = 0; number < this.segments.length; number += 1) {
      const segment = this.segments[number];
      if (segment === null || number === this.head) continue;
      const share = segment.used / segment.bytes.length;
      if (share < bestShare) [best, bestShare] = [number, share];
    }
    return best;
  }

  private open(size: number): Segment {
    if (size > SEGMENT_BYTES_MAX) throw new RangeError(`a record of ${size} bytes`);
    const number = this.free.pop() ?? this.segments.length;
    if (number >= SEGMENTS_MAX) throw new RangeError('more records than places can name');
    const segment = { bytes: this.buffer(size), filled: 0, used: 0 };
    this.segments[number] = segment;
    this.capacityBytes += segment.bytes.length;
    this.leaveHead();
    this.head = number;
    return segment;
  }

  /** What is left of the segment that was being filled is a gap. */
  private leaveHead(): void {
    const head = this.head < 0 ? null : this.segments[this.head];
    if (head === null) return;
    if (head.used === 0) {
      this.close(this.head, head);
      return;
    }
    this.filledBytes += head.bytes.length - head.filled;
  }

  private close(number: number, { bytes }: Segment): void {
    this.segments[number] = null;
    this.free.push(number);
    this.capacityBytes -= bytes.length;
    if (number === this.head) this.head = -1;
    if (number === this.emptied) this.emptied = -1;
    this.spare = bytes.length === SEGMENT_BYTES_MAX && this.usedBytes > 0 ? bytes : null;
  }

  /** As large as all there are together, so that a small store stays small. */
  private buffer(size: number): Uint8Array {
    const { spare } = this;
    this.spare = null;
    if (spare !== null) return spare;
    let bytes = SEGMENT_BYTES_MIN;
    while (bytes < SEGMENT_BYTES_MAX && (bytes < size || bytes < this.capacityBytes))
      bytes = Math.min(SEGMENT_BYTES_MAX, (bytes + 256) * 2 - 256);
    return new Uint8Array(bytes);
  }
}
