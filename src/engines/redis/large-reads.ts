// Large values on their way from the servers. A server answers all that a connection asked for, and
// holds it until it is read: a few lines of a client could have it hold gigabytes, and everybody
// else wait behind them. So what is under way at a time is bounded, the rest waits its turn, and
// whoever asks for a value whose turn has not come shares that turn.
import { StoreBusy } from './failures';

const WAITING_MAX = 1024;

interface Turn {
  readonly bytes: number;
  readonly begin: () => void;
  readonly answer: Promise<Buffer>;
}

export class LargeReads {
  /** In the order in which they came. */
  private readonly waiting = new Map<string, Turn>();
  private usedBytes = 0;

  constructor(private readonly bytesMax: number) {}

  /** What is larger than all there may be has its turn alone. @throws StoreBusy */
  async read(name: string, bytes: number, fetch: () => Promise<Buffer>): Promise<Buffer> {
    const shared = this.waiting.get(name);
    if (shared !== undefined) return shared.answer;
    if (this.waiting.size >= WAITING_MAX) throw new StoreBusy('more large values are asked for than may');
    const { promise, resolve: begin } = turn();
    const answer = promise.then(fetch).finally(() => {
      this.usedBytes -= bytes;
      this.next();
    });
    this.waiting.set(name, { bytes, begin, answer });
    this.next();
    return answer;
  }

  private next(): void {
    for (const [name, { bytes, begin }] of this.waiting) {
      if (this.usedBytes > 0 && this.usedBytes + bytes > this.bytesMax) return;
      this.waiting.delete(name);
      this.usedBytes += bytes;
      begin();
    }
  }
}

function turn(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
