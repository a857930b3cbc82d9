// One row of 32 bytes for each version known, in chunks of 1024 rows: its deadline, its
// time-to-live, the place of its record, its neighbours in the order of arrival, the hash of its
// key and the next row of the same bucket of the index. A version that takes another's place keeps
// its row. Chunks without rows are given back.

/** No row. */
export const NONE = 0x7fff_ffff;

const ROW_WORDS = 8;
const CHUNK_BITS = 10;
const CHUNK_ROWS = 1 << CHUNK_BITS;
const LAST = CHUNK_ROWS - 1;

const TTL = 2;
const PLACE = 3;
const PREVIOUS = 4;
const NEXT = 5;
const HASH = 6;
const CHAIN = 7;
const STUB_BIT = 0x8000_0000 | 0;

/** In the column of a time-to-live that does not fit it. */
export const ODD_TTL = 0xffff_ffff;

interface Chunk {
  readonly words: Int32Array;
  readonly times: Float64Array;
  taken: number;
  /** The first of its free rows, which are chained. */
  free: number;
}

export class Rows {
  private readonly chunks: (Chunk | null)[] = [];
  /** Numbers of chunks that have a free row or were given back, each once. */
  private readonly open: number[] = [];
  private count = 0;

  /** Rows taken. */
  get size(): number {
    return this.count;
  }

  /** One above the greatest row there may be. */
  get end(): number {
    return this.chunks.length << CHUNK_BITS;
  }

  take(): number {
    const number = this.openChunk();
    const chunk = this.chunk(number);
    const row = chunk.free;
    chunk.free = chunk.words[(row & LAST) * ROW_WORDS + CHAIN];
    if (chunk.free === NONE) this.open.pop();
    chunk.taken += 1;
    this.count += 1;
    return row;
  }

  give(row: number): void {
    const number = row >>> CHUNK_BITS;
    const chunk = this.chunk(number);
    chunk.times[(row & LAST) * (ROW_WORDS / 2)] = Infinity;
    chunk.words[(row & LAST) * ROW_WORDS + CHAIN] = chunk.free;
    if (chunk.free === NONE) this.open.push(number);
    chunk.free = row;
    chunk.taken -= 1;
    this.count -= 1;
    if (chunk.taken > 0) return;
    this.chunks[number] = null;
  }

  /** Infinity for a row that is not taken. */
  expiresAtMs(row: number): number {
    const chunk = this.chunks[row >>> CHUNK_BITS];
    return chunk === null ? Infinity : chunk.times[(row & LAST) * (ROW_WORDS / 2)];
  }

  setExpiresAtMs(row: number, atMs: number): void {
    this.chunk(row >>> CHUNK_BITS).times[(row & LAST) * (ROW_WORDS / 2)] = atMs;
  }

  ttlMs(row: number): number {
    return this.word(row, TTL) >>> 0;
  }

  setTtlMs(row: number, ttlMs: number): void {
    this.setWord(row, TTL, ttlMs | 0);
  }

  place(row: number): number {
    return this.word(row, PLACE) >>> 0;
  }

  setPlace(row: number, place: number): void {
    this.setWord(row, PLACE, place | 0);
  }

  isStub(row: number): boolean {
    return this.word(row, PREVIOUS) < 0;
  }

  setStub(row: number, isStub: boolean): void {
    this.setWord(row, PREVIOUS, isStub ? NONE | STUB_BIT : NONE);
  }

  previous(row: number): number {
    return this.word(row, PREVIOUS) & NONE;
  }

  setPrevious(row: number, previous: number): void {
    this.setWord(row, PREVIOUS, (this.word(row, PREVIOUS) & STUB_BIT) | previous);
  }

  next(row: number): number {
    return this.word(row, NEXT);
  }

  setNext(row: number, next: number): void {
    this.setWord(row, NEXT, next);
  }

  hash(row: number): number {
    return this.word(row, HASH);
  }

  setHash(row: number, hash: number): void {
    this.setWord(row, HASH, hash);
  }

  /** The next row of the same bucket. */
  chain(row: number): number {
    return this.word(row, CHAIN);
  }

  setChain(row: number, next: number): void {
    this.setWord(row, CHAIN, next);
  }

  private word(row: number, column: number): number {
    return this.chunk(row >>> CHUNK_BITS).words[(row & LAST) * ROW_WORDS + column];
  }

  private setWord(row: number, column: number, value: number): void {
    this.chunk(row >>> CHUNK_BITS).words[(row & LAST) * ROW_WORDS + column] = value;
  }

  private chunk(number: number): Chunk {
    const chunk = this.chunks[number];
    if (chunk === null) throw new Error('a row of a chunk that was given back');
    return chunk;
  }

  /** The number of a chunk with a free row, the last of `open`. */
  private openChunk(): number {
    const number = this.open.at(-1) ?? this.chunks.length;
    if (this.open.length === 0) {
      this.chunks.push(null);
      this.open.push(number);
    }
    this.chunks[number] ??= makeChunk(number << CHUNK_BITS);
    return number;
  }
}

function makeChunk(first: number): Chunk {
  const words = new Int32Array(CHUNK_ROWS * ROW_WORDS);
  const times = new Float64Array(words.buffer);
  for (let i = 0; i < CHUNK_ROWS; i += 1) {
    times[i * (ROW_WORDS / 2)] = Infinity;
    words[i * ROW_WORDS + CHAIN] = i === LAST ? NONE : first + i + 1;
  }
  return { words, times, taken: 0, free: first };
}
