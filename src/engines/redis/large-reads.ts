// Large values on their way from the servers. A server answers all that a connection asked for, and
// holds it until it is read: a few lines of a client could have it hold gigabytes, and everybody
// else wait behind them. So what is under way at a time is bounded, the rest waits its turn, and
// whoever asks for a value whose turn has not come shares that turn. A turn that nobody waits for
// any more is passed over.
import type { Client } from '../../runtime/data-engine';
import { StoreBusy } from './failures';

const WAITING_MAX = 1024;

interface Turn {
  readonly bytes: number;
  /** Who asked for it; undefined where nobody can tell when they are gone. */
  readonly clients: (Client | undefined)[];
  readonly begin: () => void;
  readonly passOver: (why: StoreBusy) => void;
  readonly answer: Promise<Buffer>;
}

export class LargeReads {
  /** In the order in which they came. */
  private readonly waiting = new Map<string, Turn>();
  private usedBytes = 0;

  constructor(private readonly bytesMax: number) {}

  /** What is larger than all there may be has its turn alone. @throws StoreBusy */
  async read(name: string, bytes: number, fetch: () => Promise<Buffer>, client?: Client): Promise<Buffer> {
    const shared = this.waiting.get(name);
    if (shared !== undefined) {
      shared.clients.push(client);
      return shared.answer;
    }
    if (this.waiting.size >= WAITING_MAX) throw new StoreBusy('more large values are asked for than may');
    const { begun, begin, passOver } = turn();
    const answer = begun.then(async () => {
      try {
        return await fetch();
      } finally {
        this.usedBytes -= bytes;
        this.next();
      }
    });
    this.waiting.set(name, { bytes, clients: [client], begin, passOver, answer });
    this.next();
    return answer;
  }

  private next(): void {
    for (const [name, { bytes, clients, begin, passOver }] of this.waiting) {
      if (clients.every((client) => client?.destroyed === true)) {
        this.waiting.delete(name);
        passOver(new StoreBusy('nobody waits for it any more'));
        continue;
      }
      if (this.usedBytes > 0 && this.usedBytes + bytes > this.bytesMax) return;
      this.waiting.delete(name);
      this.usedBytes += bytes;
      begin();
    }
  }
}

function turn(): { begun: Promise<void>; begin: () => void; passOver: (why: StoreBusy) => void } {
  let begin = (): void => undefined;
  let passOver = (_why: StoreBusy): void => undefined;
  const begun = new Promise<void>((resolve, reject) => {
    begin = resolve;
    passOver = reject;
  });
  return { begun, begin, passOver };
}
