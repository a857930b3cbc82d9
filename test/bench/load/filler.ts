// Fills a node with keys of 32 bytes, in a process of its own, over many connections with one
// request at a time on each: requests behind each other on one would have to wait for each other's
// answers. Then one line of JSON.
import { connect, type Socket } from 'node:net';

/** As JSON on the command line. */
export interface FillerOrder {
  readonly port: number;
  /** Numbers of the keys: from the first to the one before the last. */
  readonly first: number;
  readonly end: number;
  readonly valueBytes: number;
  /** 0 = as fast as they are answered. */
  readonly perSecond: number;
  /** Wall-clock ms at which the values are over, within a second; null = in a day. */
  readonly dueAtMs: number | null;
}

export interface FillerResult {
  readonly seconds: number;
  readonly stored: number;
  /** Answered with anything else. */
  readonly refused: number;
}

const CONNECTIONS = 64;
const DAY_SECONDS = 86_400;

class Filler {
  private next: number;
  private readonly startMs = performance.now();
  private readonly body: string;
  private stored = 0;
  private refused = 0;

  constructor(private readonly order: FillerOrder) {
    this.next = order.first;
    this.body = 'v'.repeat(order.valueBytes);
  }

  async run(): Promise<FillerResult> {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => this.fill()));
    const { stored, refused } = this;
    return { seconds: (performance.now() - this.startMs) / 1000, stored, refused };
  }

  private async fill(): Promise<void> {
    const socket = connect(this.order.port, '127.0.0.1').setNoDelay(true);
    for (let number = await this.due(); number !== null; number = await this.due()) {
      socket.write(this.request(number));
      await this.answer(socket);
    }
    socket.destroy();
  }

  /** The next number, once it is due; null at the end. */
  private async due(): Promise<number | null> {
    const { perSecond, end, first } = this.order;
    const number = this.next;
    if (number >= end) return null;
    this.next += 1;
    const dueMs = perSecond === 0 ? 0 : this.startMs + ((number - first) / perSecond) * 1000;
    while (performance.now() < dueMs) await new Promise((go) => setTimeout(go, 1));
    return number;
  }

  private request(number: number): string {
    const { dueAtMs } = this.order;
    const ttl = dueAtMs === null ? DAY_SECONDS : Math.max(1, Math.ceil((dueAtMs - Date.now()) / 1000));
    const target = `/data/million-${String(number).padStart(24, '0')}?ttl=${ttl}&w=1`;
    const head = `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${this.body.length}\r\n\r\n`;
    return head + this.body;
  }

  private answer(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let text = '';
      const take = (chunk: Buffer): void => {
        text += chunk.toString('latin1');
        const headEnd = text.indexOf('\r\n\r\n');
        if (headEnd === -1) return;
        const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
        if (text.length < headEnd + 4 + length) return;
        if (text.startsWith('HTTP/1.1 2')) this.stored += 1;
        else this.refused += 1;
        settle(resolve);
      };
      const fail = (): void => settle(() => reject(new Error('the node closed a connection')));
      const settle = (then: () => void): void => {
        socket.off('data', take).off('close', fail).off('error', fail);
        then();
      };
      socket.on('data', take).on('close', fail).on('error', fail);
    });
  }
}

new Filler(JSON.parse(process.argv[2] ?? '') as FillerOrder).run().then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
);
