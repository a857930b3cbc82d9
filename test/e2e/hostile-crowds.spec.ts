// What costs a client a line and a node much: pages, metrics and refusals that are asked for by the
// thousand and not read.
// Without an engine: pages, metrics and refusals.
import { Registry } from 'prom-client';
import { parseMetrics } from '../support/http/prometheus';
import { heldBytes } from '../support/processes/retained-memory';
import { ByteConnection, statusesOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

const MIB = 1024 * 1024;
const BUNDLE = '/docs/swagger-ui-bundle.js';
const PER_SECOND = 50;

let victims: Victims;
let opened: ByteConnection[] = [];
beforeAll(async () => {
  victims = await Victims.start(1, { clientBytesMax: 24 * MIB, rateLimitPerSecond: PER_SECOND });
});
afterEach(async () => {
  for (const connection of opened) connection.destroy();
  opened = [];
  jest.restoreAllMocks();
  await until(async () => (await metric('repram_connections')) < 4, 'the connections to be gone');
});
afterAll(() => victims.stop());

async function metric(name: string): Promise<number> {
  const answer = await fetch(victims.url('/metrics'), { headers: { connection: 'close' } });
  return parseMetrics(await answer.text()).get(name) ?? NaN;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
const isLive = async (): Promise<boolean> => (await fetch(victims.url('/health/live'))).ok;

async function open(bytes: string, from = '127.0.0.1'): Promise<ByteConnection> {
  const connection = await ByteConnection.open(victims.port, bytes, from);
  opened.push(connection);
  return connection;
}

it('makes one set of metrics for a hundred that are asked for at once', async () => {
  await metric('repram_connections');
  const made = jest.spyOn(Registry.prototype, 'metrics');
  const { socket } = await open('');
  const all = await open(get('/metrics').repeat(100), '127.0.3.1');
  await until(() => statusesOf(all.answer).length >= 100, 'all to be answered');
  expect(new Set(statusesOf(all.answer))).toEqual(new Set([200]));
  expect(made.mock.calls.length).toBeLessThan(10);
  socket.destroy();
});

it('keeps one copy of a page for all who ask for it and do not read', async () => {
  expect((await fetch(victims.url(BUNDLE))).status).toBe(200);
  const before = heldBytes();
  for (let i = 0; i < 20; i += 1) {
    const { socket } = await open('', `127.0.4.${String(1 + i)}`);
    socket.pause();
    socket.write(get(BUNDLE).repeat(4));
  }
  await until(async () => (await metric('repram_held_bytes{holder="answers"}')) > 0, 'some to be waited for');
  expect(await isLive()).toBe(true);
  expect(heldBytes() - before).toBeLessThan(24 * MIB);
});

it('ends a connection after a thousand refusals within seconds', async () => {
  const flood = await open(get('/data/none').repeat(700), '127.0.6.1');
  await until(() => statusesOf(flood.answer).length >= 700, 'the first of them to be answered');
  expect(flood.closed).toBe(false);
  await flood.write(get('/data/none').repeat(700));
  await until(() => flood.closed, 'it to be closed');
  const refused = statusesOf(flood.answer).filter((status) => status === 429).length;
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThanOrEqual(1000);
  expect(flood.answer).toMatch(/\r\nconnection: close\r\n/i);
});

it('limits probes and scrapes too, ten times as many as other requests', async () => {
  const limited = await Victims.start(1, { rateLimitPerSecond: 5 });
  const probes = await ByteConnection.open(limited.port, get('/health/live').repeat(200), '127.0.7.1');
  await until(() => statusesOf(probes.answer).length >= 200, 'all to be answered');
  const served = statusesOf(probes.answer).filter((status) => status === 200).length;
  expect(new Set(statusesOf(probes.answer))).toEqual(new Set([200, 429]));
  expect(served).toBeGreaterThanOrEqual(100);
  probes.destroy();
  await limited.stop();
});
