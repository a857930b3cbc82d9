// Readers of one node's /events, in a process of their own, until SIGTERM. Then one line of JSON
// with what came.
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** As JSON on the command line. */
export interface SubscribersOrder {
  readonly port: number;
  readonly count: number;
  readonly prefix: string;
}

export interface SubscribersResult {
  /** Of type put, over all readers. */
  readonly events: number;
  /** From the moment at which the value says it was written until it was read, milliseconds. */
  readonly latencyMs: readonly number[];
}

const LATENCIES_MAX = 50_000;
const AT_ONCE = 50;
const MARK = 'event: put';

async function main(): Promise<void> {
  const { port, count, prefix } = JSON.parse(process.argv[2] ?? '') as SubscribersOrder;
  const counts = { events: 0 };
  const latencyMs: number[] = [];
  const sockets: Socket[] = [];
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - opened) }, () => connect(port, '127.0.0.1'));
    await Promise.all(some.map((socket) => once(socket, 'connect')));
    for (const socket of some) {
      socket.write(`GET /events?types=put&values=1&prefix=${prefix} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      await once(socket, 'data');
      socket.on('data', (bytes: Buffer) => note(bytes.toString('latin1'), counts, latencyMs));
    }
    sockets.push(...some);
  }
  process.stdout.write('ready\n');
  // Without readers nothing else keeps this process.
  setInterval(() => undefined, 1000);
  process.once('SIGTERM', () => {
    const result: SubscribersResult = { ...counts, latencyMs };
    for (const socket of sockets) socket.destroy();
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  });
}

/** Events are small and come whole, but for one in many: that one is not counted. */
function note(text: string, counts: { events: number }, latencyMs: number[]): void {
  for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + 1)) counts.events += 1;
  const written = /"value":"at (\d+\.?\d*) /.exec(text);
  if (written === null || latencyMs.length >= LATENCIES_MAX) return;
  latencyMs.push(performance.timeOrigin + performance.now() - Number(written[1]));
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exit(1);
});
