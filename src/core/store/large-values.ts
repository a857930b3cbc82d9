// Values too large for segments: each in a buffer of its own that is shared with whoever reads it
// and never moves. A record names it by a number. Chunked, so that growth copies nothing.

const CHUNK_BITS = 10;
const CHUNK = 1 << CHUNK_BITS;

/** Of a value: what its buffer may hold beside it. */
const SLACK_SHARE_MAX = 1 / 64;

type Chunk = (Uint8Array | null)[];

export class LargeValues {
  private readonly chunks: Chunk[] = [];
  private readonly free: number[] = [];
  private count = 0;

  add(value: Uint8Array): number {
    const number = this.free.pop() ?? this.count++;
    if (number >>> CHUNK_BITS === this.chunks.length) this.chunks.push(new Array<null>(CHUNK).fill(null));
    this.chunks[number >>> CHUNK_BITS][number & (CHUNK - 1)] = exclusive(value);
    return number;
  }

  get(number: number): Uint8Array {
    return this.chunks[number >>> CHUNK_BITS][number & (CHUNK - 1)] ?? new Uint8Array(0);
  }

  remove(number: number): void {
    this.chunks[number >>> CHUNK_BITS][number & (CHUNK - 1)] = null;
    this.free.push(number);
  }
}

/**
 * The same bytes in a buffer of their own: a view would keep a whole frame or pool slab alive. One
 * that is nearly all of its buffer is kept as it is: what a chunked message was joined in, or the
 * body of a request.
 */
function exclusive(value: Uint8Array): Uint8Array {
  const slackBytes = value.buffer.byteLength - value.byteLength;
  return slackBytes <= value.byteLength * SLACK_SHARE_MAX ? value : new Uint8Array(value);
}
