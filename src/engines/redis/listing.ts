// Keys in bytewise order, out of the indexes of all buckets. Each is read in slices; what they
// bring is merged. A page has so many bytes of keys at most, and so have the slices that are read
// for it together: whatever is asked for, a list keeps two pages at a time. What is left of the
// slices is read again for the next page.
import type { KeyPage } from '../../runtime/data-engine';
import type { Buckets } from './buckets';
import { KEY_ANSWER_BYTES, LIST, LISTED_KEY_BYTES } from './scripts';
import type { Servers } from './servers';

const SLICE_MAX = 512;
const SLICE_MIN = 8;
/** Keys merged between two turns of the loop. */
const STEP = 4096;

interface Range {
  /** Least and greatest as ZRANGEBYLEX takes them. */
  readonly least: Buffer;
  readonly most: Buffer;
  readonly slice: number;
}

/** What is left of one bucket. */
interface Source {
  readonly bucket: number;
  /** A character for each byte, so that they compare bytewise. */
  keys: readonly string[];
  at: number;
  /** Where the next slice begins; null = there is none. */
  from: Buffer | null;
}

export class Listing {
  private readonly sliceBytes: number;

  /** @param pageBytes of the keys of one page, at most, but for a single longer one */
  constructor(
    private readonly servers: Pick<Servers, 'runScript'>,
    private readonly buckets: Buckets,
    private readonly pageBytes: number,
  ) {
    this.sliceBytes = Math.floor(pageBytes / buckets.count);
  }

  /** @throws EngineAway, StoreBusy */
  async page(prefix: string, limit: number, cursor: string, gone?: AbortSignal): Promise<KeyPage> {
    const range = rangeOf(Buffer.from(prefix), Buffer.from(cursor), limit, this.buckets.count);
    const sources = await Promise.all(
      this.buckets
        .numbers()
        .map((bucket) => this.filled({ bucket, keys: [], at: 0, from: range.least }, range)),
    );
    const heap = new Heap(sources.filter(hasKey));
    const keys: string[] = [];
    let bytes = 0;
    while (heap.first !== undefined && gone?.aborted !== true) {
      const { first } = heap;
      const key = first.keys[first.at];
      bytes += key.length + LISTED_KEY_BYTES;
      const isFull = keys.length === limit || bytes > this.pageBytes;
      if (isFull && keys.length > 0) return { keys, nextCursor: keys[keys.length - 1] };
      keys.push(Buffer.from(key, 'latin1').toString());
      first.at += 1;
      if (first.at === first.keys.length) await this.filled(first, range);
      heap.settle();
      if (keys.length % STEP === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return { keys, nextCursor: null };
  }

  /** Until it has a live key or comes to its end. */
  private async filled(source: Source, { most, slice }: Range): Promise<Source> {
    const { prefix } = this.buckets.keys(source.bucket);
    while (source.at === source.keys.length && source.from !== null) {
      const args = [prefix, source.from, most, String(slice), String(this.sliceBytes)];
      // One key may be longer than all of them, and the last one comes twice.
      const answerBytes = this.sliceBytes + 2 * KEY_ANSWER_BYTES;
      const reply = await this.servers.runScript(source.bucket, LIST, args, answerBytes);
      const [last, keys] = reply as readonly [Buffer, readonly Buffer[]];
      source.keys = keys.map((key) => key.toString('latin1'));
      source.at = 0;
      source.from = last.length === 0 ? null : behind(last);
    }
    return source;
  }
}

function hasKey({ keys, at }: Source): boolean {
  return at < keys.length;
}

function behind(key: Buffer): Buffer {
  return Buffer.concat([Buffer.from('('), key]);
}

function from(key: Buffer): Buffer {
  return Buffer.concat([Buffer.from('['), key]);
}

function rangeOf(prefix: Buffer, cursor: Buffer, limit: number, buckets: number): Range {
  const isBehindStart = cursor.length > 0 && Buffer.compare(cursor, prefix) >= 0;
  const end = endOf(prefix);
  return {
    least: isBehindStart ? behind(cursor) : prefix.length === 0 ? Buffer.from('-') : from(prefix),
    most: end === null ? Buffer.from('+') : behind(end),
    slice: limit === 0 ? SLICE_MAX : Math.min(SLICE_MAX, Math.ceil((1.5 * limit) / buckets) + SLICE_MIN),
  };
}

/** The first text behind all that begin with the prefix; null = there is none. */
function endOf(prefix: Buffer): Buffer | null {
  for (let at = prefix.length - 1; at >= 0; at -= 1) {
    if (prefix[at] === 0xff) continue;
    const end = Buffer.from(prefix.subarray(0, at + 1));
    end[at] += 1;
    return end;
  }
  return null;
}

/** The source with the least key first. */
class Heap {
  constructor(private readonly sources: Source[]) {
    for (let at = sources.length >> 1; at >= 0; at -= 1) this.sink(at);
  }

  get first(): Source | undefined {
    return this.sources.at(0);
  }

  /** After the first one has moved on. */
  settle(): void {
    const { sources } = this;
    if (sources.length > 0 && !hasKey(sources[0])) {
      const last = sources.pop();
      if (last !== undefined && sources.length > 0) sources[0] = last;
    }
    this.sink(0);
  }

  private sink(start: number): void {
    const { sources } = this;
    for (let at = start; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < sources.length && isLess(sources[left], sources[least])) least = left;
      if (right < sources.length && isLess(sources[right], sources[least])) least = right;
      if (least === at) return;
      [sources[at], sources[least]] = [sources[least], sources[at]];
      at = least;
    }
  }
}

function isLess(a: Source, b: Source): boolean {
  return a.keys[a.at] < b.keys[b.at];
}
