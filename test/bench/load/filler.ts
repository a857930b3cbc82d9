// Fills a node with keys of 32 bytes, in a process of its own: requests are sent in packets of
// many, because not the answers are measured but what so many keys do to the node. Then one line of
// JSON.
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

const CONNECTIONS = 16;
const PACKET_REQUESTS = 32;
const DAY_SECONDS = 86_400;
const STATUS_LINE = 'HTTP/1.1 ';

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
    for (let packet = await this.packet(); packet.length > 0; packet = await this.packet()) {
      socket.write(packet.join(''));
      await this.answers(socket, packet.length);
    }
    socket.destroy();
  }

  /** The next requests, once they are due. */
  private async packet(): Promise<string[]> {
    const { perSecond, end, first } = this.order;
    const dueMs = perSecond === 0 ? 0 : this.startMs + ((this.next - first) / perSecond) * 1000;
    const from = this.next;
    this.next = Math.min(end, from + PACKET_REQUESTS);
    const requests = Array.from({ length: this.next - from }, (_, index) => from + index);
    while (requests.length > 0 && performance.now() < dueMs) await new Promise((go) => setTimeout(go, 1));
    return requests.map((number) => this.request(number));
  }

  private request(number: number): string {
    const { dueAtMs } = this.order;
    const ttl = dueAtMs === null ? DAY_SECONDS : Math.max(1, Math.ceil((dueAtMs - Date.now()) / 1000));
    const target = `/data/million-${String(number).padStart(24, '0')}?ttl=${ttl}&w=1`;
    const head = `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${this.body.length}\r\n\r\n`;
    return head + this.body;
  }

  private answers(socket: Socket, expected: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let seen = 0;
      let rest = '';
      const take = (chunk: Buffer): void => {
        rest += chunk.toString('latin1');
        for (let at = rest.indexOf(STATUS_LINE); at !== -1; at = rest.indexOf(STATUS_LINE)) {
          const kind = rest.charAt(at + STATUS_LINE.length);
          if (kind === '') return;
          seen += 1;
          if (kind === '2') this.stored += 1;
          else this.refused += 1;
          rest = rest.slice(at + STATUS_LINE.length);
        }
        // Perhaps the beginning of the next one.
        rest = rest.slice(-STATUS_LINE.length);
        if (seen < expected) return;
        socket.off('data', take);
        resolve();
      };
      socket.on('data', take);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the node closed a connection')));
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
