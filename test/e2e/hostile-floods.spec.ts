// Many of what would be harmless once: half requests, headers, parameters, and bytes that take
// their time.
// Without an engine: what comes is no whole request.
import { createServer, type Server } from 'node:http';
import { BodyReader } from '../../src/http/body-reader';
import type { ReceivedBody } from '../../src/http/incoming-body';
import { Ledger } from '../../src/http/limits/ledger';
import { Transfers } from '../../src/http/limits/transfers';
import { portRange } from '../support/processes/ports';
import { exchange, ByteConnection, statusesOf, statusOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

let victims: Victims;
beforeAll(async () => {
  victims = await Victims.start(1);
});
afterEach(() => victims.expectUnharmed());
afterAll(() => victims.stop());

const HALF_REQUESTS = [
  '',
  'G',
  'GET /data/sm',
  'GET /data/small HTTP/1.1\r\nHost: h\r\n',
  'GET /data/small HTTP/1.1\r\nHost: h\r\nX-Slow: ',
  'PUT /data/half HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n',
];

it('serves others while 200 sockets hold half requests, and ends those within its limits, one that trickles on too', async () => {
  const opened = Array.from({ length: 200 }, (_, i) =>
    ByteConnection.open(victims.port, HALF_REQUESTS[i % HALF_REQUESTS.length]),
  );
  const halves = await Promise.all(opened);
  const trickle = setInterval(() => void halves[3].write('X: y\r\n'), 500);
  await victims.expectUnharmed();
  await until(() => halves.every(({ closed }) => closed), 'the half requests to be ended', 30_000);
  clearInterval(trickle);
  for (const { answer } of halves) expect([0, 408]).toContain(statusOf(answer));
  expect((await fetch(victims.url('/data/half'))).status).toBe(404);
});

it.each([
  ['a request line of 1 MB', `GET /${'x'.repeat(1_000_000)} HTTP/1.1\r\nHost: h\r\n\r\n`, [431]],
  ['a key of 15,000 bytes', `GET /data/${'x'.repeat(15_000)} HTTP/1.1\r\nHost: h\r\n\r\n`, [414]],
  ['one header of 1 MB', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`, [431]],
  ['a header name of 1 MB', `GET / HTTP/1.1\r\nHost: h\r\n${'x'.repeat(1_000_000)}: 1\r\n\r\n`, [431]],
  ['100,000 headers', `GET / HTTP/1.1\r\nHost: h\r\n${'X: y\r\n'.repeat(100_000)}\r\n`, [431]],
  ['300 short headers', `GET /data/small HTTP/1.1\r\nHost: h\r\n${'X: y\r\n'.repeat(300)}\r\n`, [200]],
  // Newer releases of Node.js count what each header costs beside its bytes.
  [
    '1,500 short headers',
    `GET /data/small HTTP/1.1\r\nHost: h\r\n${'X: y\r\n'.repeat(1500)}\r\n`,
    [200, 431],
  ],
  ['a query of 4,000 parameters', `GET /keys?${'a=1&'.repeat(4000)} HTTP/1.1\r\nHost: h\r\n\r\n`, [400]],
])('answers %s at once', async (_what, bytes, statuses) => {
  const answer = await exchange(victims.port, bytes);
  expect(statuses).toContain(statusOf(answer));
  expect(statusesOf(answer)).toHaveLength(1);
});

describe('a body that comes too slowly', () => {
  const bodies: ReceivedBody[] = [];
  const ledger = new Ledger(1000);
  const transfers = new Transfers({ windowMs: 200, bytes: 10, totalMs: 60_000 });
  let server: Server;
  let port: number;

  beforeAll(async () => {
    port = await portRange(1);
    const reader = new BodyReader({ valueBytesMax: 1000, ledger, transfers });
    server = createServer((request, response) => {
      void reader.receive(request).then((body) => {
        bodies.push(body);
        response.end(String(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it('is given up, and its room with it', async () => {
    const head = 'PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n';
    const slow = await ByteConnection.open(port, head + 'x'.repeat(900));
    await until(() => ledger.usedBytes === 900, 'the first bytes to arrive');
    const trickle = setInterval(() => void slow.write('x'), 50);
    await until(() => bodies.length >= 1, 'the body to be given up');
    clearInterval(trickle);
    expect(bodies).toEqual(['too-slow']);
    expect(ledger.usedBytes).toBe(0);
    slow.destroy();
  });
});
