// Clients that ask and do not read, and clients that send and do not go on: what is held for them
// is bounded, and they go before anybody else has to.
import { createServer, type Server } from 'node:http';
import { accountedResponse } from '../../src/http/limits/accounted-response';
import { Ledger } from '../../src/http/limits/ledger';
import { Transfers } from '../../src/http/limits/transfers';
import { UnreadAnswers } from '../../src/http/limits/unread-answers';
import { parseMetrics } from '../support/http/prometheus';
import { portRange } from '../support/processes/ports';
import { heldBytes } from '../support/processes/retained-memory';
import { ByteConnection, statusOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';
import { onGossipOnly } from '../support/redis/gossip-only';

const MIB = 1024 * 1024;
const LEDGER_BYTES = 24 * MIB;

let victims: Victims;
let opened: ByteConnection[] = [];
beforeAll(async () => {
  victims = await Victims.start(1, { clientBytesMax: LEDGER_BYTES });
});
afterEach(async () => {
  for (const connection of opened) connection.destroy();
  opened = [];
  await until(async () => (await held('answers')) + (await held('bodies')) === 0, 'all to be given back');
  await victims.expectUnharmed();
});
afterAll(() => victims.stop());

async function metric(name: string): Promise<number> {
  return parseMetrics(await (await fetch(victims.url('/metrics'))).text()).get(name) ?? NaN;
}

const held = (holder: string): Promise<number> => metric(`repram_held_bytes{holder="${holder}"}`);
const cuts = (): Promise<number> => metric('repram_cut_transfers_total{reason="busy"}');

async function open(bytes: string): Promise<ByteConnection> {
  const connection = await ByteConnection.open(victims.port, bytes);
  opened.push(connection);
  return connection;
}

/** One that asks and never reads. */
async function ask(request: string): Promise<void> {
  const { socket } = await open('');
  socket.pause();
  socket.write(request);
}

const get = (key: string): string => `GET /data/${key} HTTP/1.1\r\nHost: h\r\n\r\n`;
const put = (key: string, bytes: number): string =>
  `PUT /data/${key} HTTP/1.1\r\nHost: h\r\nContent-Length: ${String(bytes)}\r\n\r\n`;
/** Why writes were refused. */
const codes: unknown[] = [];
const store = async (key: string, bytes: number): Promise<number> => {
  const answer = await fetch(victims.url(`/data/${key}`), { method: 'PUT', body: Buffer.alloc(bytes) });
  const text = await answer.text();
  if (!answer.ok) codes.push((JSON.parse(text) as { code: string }).code);
  return answer.status;
};

it('keeps no more replaced values for clients that never read them than it may hold', async () => {
  const before = heldBytes();
  for (let round = 0; round < 12; round += 1) {
    expect(await store('replaced', 10 * MIB)).toBe(201);
    await ask(get('replaced'));
    await until(async () => (await held('connections')) >= 45_056 * 2, 'the request to arrive');
    await fetch(victims.url('/health/live'));
  }
  await until(() => heldBytes() - before < 10 * MIB + LEDGER_BYTES + 8 * MIB, 'the values to be let go');
  expect(await held('answers')).toBeLessThanOrEqual(LEDGER_BYTES);
  expect(await cuts()).toBeGreaterThan(5);
});

onGossipOnly('a value that comes from a server is a copy for each reader')(
  'charges a stored value to nobody who reads it slowly',
  async () => {
    expect(await store('stored', 10 * MIB)).toBe(201);
    const before = await cuts();
    for (let i = 0; i < 8; i += 1) await ask(get('stored'));
    expect((await fetch(victims.url('/data/small'))).status).toBe(200);
    expect(await held('answers')).toBeLessThan(MIB);
    expect(await cuts()).toBe(before);
  },
);

it('bounds many requests for a large value on one connection that reads none', async () => {
  expect(await store('piled', 10 * MIB)).toBe(201);
  const before = heldBytes();
  await ask(get('piled').repeat(900));
  await fetch(victims.url('/health/live'));
  await until(async () => (await store('piled', 10 * MIB)) === 201, 'others to be served');
  expect(codes).not.toContain('store-away');
  // Of 9000 MiB: what the ledger allows, what is on its way from a server, and the last body in
  // several hands of this process.
  expect(heldBytes() - before).toBeLessThan(5 * LEDGER_BYTES);
  await until(() => heldBytes() - before < LEDGER_BYTES, 'all that was read for it to be let go');
});

it('lets a large upload in while slow ones hold all there is', async () => {
  const slow = await Promise.all([1, 2].map((i) => open(put(`slow-${String(i)}`, 10 * MIB))));
  await Promise.all(slow.map((connection) => connection.write(Buffer.alloc(9 * MIB))));
  await until(async () => (await held('bodies')) > 15 * MIB, 'the slow ones to be there');
  await until(async () => (await store('swift', 10 * MIB)) === 201, 'the swift one to be stored');
  await until(() => slow.some(({ answer }) => statusOf(answer) === 503), 'a slow one to be told');
  expect((await fetch(victims.url('/data/slow-1'))).status).toBe(404);
});

describe('an answer that is not read', () => {
  const PIECES = 400;
  const ledger = new Ledger(256 * MIB);
  const transfers = new Transfers({ windowMs: 1500, bytes: 1000, totalMs: 60_000 });
  const answers = new UnreadAnswers(ledger, transfers, () => () => undefined);
  let server: Server;
  let port: number;

  beforeAll(async () => {
    port = await portRange(1);
    const accounts = {
      note: answers.note.bind(answers),
      queued: () => undefined,
      assigned: () => undefined,
    };
    server = createServer({ ServerResponse: accountedResponse(accounts) }, (_request, response) => {
      response.end(Buffer.alloc(PIECES * 65_536));
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it('is ended and nothing of it kept, and one that is read at a pace is sent whole', async () => {
    const [reader, sleeper] = [await ByteConnection.open(port, ''), await ByteConnection.open(port, '')];
    let readBytes = 0;
    reader.socket.removeAllListeners('data');
    reader.socket.pause();
    sleeper.socket.pause();
    for (const { socket } of [reader, sleeper]) socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    const read = setInterval(() => (readBytes += (reader.socket.read() as Buffer | null)?.length ?? 0), 5);
    await until(() => answers.size === 2, 'both to be waited for');
    expect(ledger.heldBy('answers')).toBeGreaterThan(PIECES * 65_536);
    await until(() => transfers.cuts('too-slow') === 1, 'the sleeper to be cut off');
    sleeper.socket.resume();
    await until(() => sleeper.closed, 'the end of what it had');
    expect(sleeper.socket.bytesRead).toBeLessThan(MIB);
    await until(() => readBytes > PIECES * 65_536, 'the reader to have all');
    clearInterval(read);
    await until(() => answers.size === 0, 'nothing to be left');
    expect(ledger.usedBytes).toBe(0);
    expect(transfers.cuts('too-slow')).toBe(1);
    for (const connection of [reader, sleeper]) connection.destroy();
  });
});
