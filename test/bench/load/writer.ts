// Writes at a steady rate to one port, in a process of its own: as many as are due each
// millisecond, on whichever connections are free, until it is killed or its time is up. Then one
// line of JSON with what became of them.
import { HttpConnection } from './http-connection';

/** As JSON on the command line. */
export interface WriterOrder {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly valueBytes: number;
}

export interface WriterResult {
  readonly seconds: number;
  /** Answered 201, answered 202, anything else. */
  readonly held: number;
  readonly stored: number;
  readonly failed: number;
}

const CONNECTIONS = 64;
const KEYS = 10_000;

async function main(): Promise<void> {
  const { port, perSecond, seconds, valueBytes } = JSON.parse(process.argv[2] ?? '') as WriterOrder;
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => HttpConnection.open(port)));
  const counts = { held: 0, stored: 0, failed: 0 };
  const body = 'v'.repeat(valueBytes);
  const startMs = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startMs) / 1000;
  let sent = 0;
  const sendDue = (): void => {
    const due = Math.floor(elapsedSeconds() * perSecond);
    for (const connection of connections) {
      if (sent >= due) return;
      if (connection.isFree) write(connection);
    }
  };
  const write = (connection: HttpConnection): void => {
    sent += 1;
    connection.request('PUT', `/data/load-${sent % KEYS}?ttl=600`, body).then(
      ({ status }) => (counts[status === 201 ? 'held' : status === 202 ? 'stored' : 'failed'] += 1),
      () => (counts.failed += 1),
    );
  };
  const timer = setInterval(() => {
    sendDue();
    if (elapsedSeconds() < seconds) return;
    clearInterval(timer);
    const result: WriterResult = { seconds: elapsedSeconds(), ...counts };
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  }, 1);
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exit(1);
});
