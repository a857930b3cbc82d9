// Which row a key has: linear hashing (Litwin 1980). There are two rows for each bucket whatever
// the size, because with every other new row one bucket is split in two. So nothing is ever copied
// at once. The rows of a bucket are chained in the rows themselves.
import { NONE, type Rows } from './rows';

const CHUNK_BITS = 10;
const CHUNK = 1 << CHUNK_BITS;
const ROWS_PER_BUCKET = 2;
const BUCKETS_MIN = 64;
/** Neighbours are in one line of the processor's cache, and so are those they are split into. */
const SPLITS_AT_ONCE = 16;

export class KeyIndex {
  private readonly chunks: Int32Array[] = [];
  /** Buckets before this round of splits, a power of two. */
  private round = BUCKETS_MIN;
  /** Buckets split in this round. */
  private split = 0;
  private count = 0;

  constructor(private readonly rows: Rows) {}

  /** The first row of the bucket that this hash belongs to; the others are chained to it. */
  first(hash: number): number {
    const bucket = this.bucketOf(hash);
    return bucket >>> CHUNK_BITS < this.chunks.length ? this.head(bucket) : NONE;
  }

  /** A row whose hash is set; it must not be in. */
  add(row: number): void {
    if (this.chunks.length === 0) this.chunks.push(new Int32Array(CHUNK).fill(NONE));
    this.link(row, this.bucketOf(this.rows.hash(row)));
    this.count += 1;
    if (this.count <= (this.round + this.split) * ROWS_PER_BUCKET) return;
    for (let i = 0; i < SPLITS_AT_ONCE; i += 1) this.splitNext();
  }

  remove(row: number): void {
    const bucket = this.bucketOf(this.rows.hash(row));
    const after = this.rows.chain(row);
    this.count -= 1;
    let before = this.head(bucket);
    if (before === row) {
      this.setHead(bucket, after);
      return;
    }
    while (this.rows.chain(before) !== row) before = this.rows.chain(before);
    this.rows.setChain(before, after);
  }

  private splitNext(): void {
    const from = this.split;
    const to = this.round + this.split;
    if (to >>> CHUNK_BITS === this.chunks.length) this.chunks.push(new Int32Array(CHUNK).fill(NONE));
    this.split += 1;
    if (this.split === this.round) {
      this.round *= 2;
      this.split = 0;
    }
    let row = this.head(from);
    this.setHead(from, NONE);
    while (row !== NONE) {
      const next = this.rows.chain(row);
      this.link(row, this.bucketOf(this.rows.hash(row)));
      row = next;
    }
  }

  private link(row: number, bucket: number): void {
    this.rows.setChain(row, this.head(bucket));
    this.setHead(bucket, row);
  }

  private bucketOf(hash: number): number {
    const bucket = hash & (this.round - 1);
    return bucket < this.split ? hash & (2 * this.round - 1) : bucket;
  }

  private head(bucket: number): number {
    return this.chunks[bucket >>> CHUNK_BITS][bucket & (CHUNK - 1)];
  }

  private setHead(bucket: number, row: number): void {
    this.chunks[bucket >>> CHUNK_BITS][bucket & (CHUNK - 1)] = row;
  }
}
