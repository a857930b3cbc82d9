// Connections that are held rather than used: from one address, from many, half closed, and piled
// up with requests. All of 127.0.0.0/8 is this machine, so other addresses of it stand for
// strangers.
// Without an engine: connections, with few requests or none.
import { connect, createServer, type Socket } from 'node:net';
import { limitClosing } from '../../src/http/limits/closing';
import { parseMetrics } from '../support/http/prometheus';
import { portRange } from '../support/processes/ports';
import { ByteConnection, statusesOf, statusOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

const CONNECTIONS_MAX = 40;
const PER_ADDRESS_MAX = 10;
const HALF_HEAD = 'GET /data/small HTTP/1.1\r\nHost: h\r\nX-Slow: ';
const HALF_BODY = 'PUT /data/half HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nx';
const WHOLE = 'GET /data/small HTTP/1.1\r\nHost: h\r\n\r\n';

let victims: Victims;
let opened: ByteConnection[] = [];
beforeAll(async () => {
  const limits = { connectionsMax: CONNECTIONS_MAX, connectionsPerAddressMax: PER_ADDRESS_MAX };
  victims = await Victims.start(1, { ...limits, clientBytesMax: 24 * 1024 * 1024 });
});
afterEach(async () => {
  for (const connection of opened) connection.destroy();
  opened = [];
  await until(async () => (await metric('repram_connections')) < 8, 'the connections to be gone');
  await victims.expectUnharmed();
});
afterAll(() => victims.stop());

/** Leaves no idle connection behind: such a one makes room for a stranger. */
async function metric(name: string): Promise<number> {
  const answer = await fetch(victims.url('/metrics'), { headers: { connection: 'close' } });
  return parseMetrics(await answer.text()).get(name) ?? NaN;
}

async function open(bytes: string, from: string): Promise<ByteConnection> {
  const connection = await ByteConnection.open(victims.port, bytes, from);
  opened.push(connection);
  return connection;
}

async function openMany(
  count: number,
  bytes: string,
  from: (i: number) => string,
): Promise<ByteConnection[]> {
  const many: ByteConnection[] = [];
  for (let i = 0; i < count; i += 1) many.push(await open(bytes, from(i)));
  return many;
}

/**
 * Until the first byte of each body is there: before that a connection still waits for its head.
 */
async function untilAtWork(count: number): Promise<void> {
  await until(async () => (await bytesAtWork()) >= count, 'all to be at work');
}

const bytesAtWork = (): Promise<number> => metric('repram_held_bytes{holder="bodies"}');

const alive = (connections: ByteConnection[]): number => connections.filter(({ closed }) => !closed).length;

it('keeps half requests of one address to its limit: the oldest go, and its next whole request is served', async () => {
  const halves = await openMany(60, HALF_HEAD, () => '127.0.0.9');
  await until(() => alive(halves) <= PER_ADDRESS_MAX, 'the oldest to be closed');
  expect(halves.slice(0, 50).every(({ closed }) => closed)).toBe(true);
  expect(await (await open(WHOLE, '127.0.0.9')).status()).toBe(200);
  expect(await (await open(WHOLE, '127.0.0.10')).status()).toBe(200);
  expect(await metric('repram_replaced_connections_total')).toBeGreaterThanOrEqual(50);
  expect(await metric('repram_held_bytes{holder="connections"}')).toBeLessThan(20 * 45_056);
});

it('lets a stranger in while others hold every place with half requests', async () => {
  const halves = await openMany(200, HALF_HEAD, (i) => `127.0.1.${String(1 + (i % 50))}`);
  await until(() => alive(halves) <= CONNECTIONS_MAX, 'the oldest to be closed');
  expect(await (await open(WHOLE, '127.0.0.12')).status()).toBe(200);
});

it('answers 503 where every place has just begun its work, serves this host all the same, and soon lets the slowest go', async () => {
  // Whoever still waits for a head gives its place to the next, and so does who is slow: the crowd
  // comes again until all have just begun.
  let comers = 0;
  const refused = (await until(async () => {
    comers += 1;
    const comer = await open(HALF_BODY, `127.0.2.${String(1 + (comers % 200))}`);
    await fetch(victims.url('/health/live'), { headers: { connection: 'close' } });
    return statusOf(comer.answer) === 503 ? comer : null;
  }, 'somebody to be refused')) as ByteConnection;
  expect(refused.answer).toContain('Retry-After: 1');
  expect(refused.answer).toContain('"code":"busy"');
  await until(() => refused.closed, 'the refused connection to be closed');
  expect((await fetch(victims.url('/health/live'))).status).toBe(200);
  await victims.expectUnharmed();
  expect(await metric('repram_refused_connections_total')).toBeGreaterThan(0);
  let admitted = 0;
  // Sooner than the pace ends them all.
  await until(
    async () => {
      comers += 1;
      const comer = await open(HALF_BODY, `127.0.3.${String(1 + (comers % 200))}`);
      await fetch(victims.url('/health/live'), { headers: { connection: 'close' } });
      if (!comer.closed && statusOf(comer.answer) === 0) admitted += 1;
      return admitted >= 10;
    },
    'ten to get in, each in the place of a slow one',
    7000,
  );
});

it('refuses an address that is at work on as many as it may have, and nobody else', async () => {
  await openMany(PER_ADDRESS_MAX, HALF_BODY, () => '127.0.0.14');
  await untilAtWork(PER_ADDRESS_MAX);
  expect(await (await open(WHOLE, '127.0.0.14')).status()).toBe(503);
  expect(await (await open(WHOLE, '127.0.0.15')).status()).toBe(200);
});

it('answers a thousand pipelined requests, and ends a connection with more of them than it may have', async () => {
  const short = 'HEAD / HTTP/1.1\r\nHost: h\r\n\r\n';
  const many = await open(short.repeat(1000), '127.0.0.16');
  await until(() => statusesOf(many.answer).length >= 1000, 'all answers');
  const tooMany = await open('GET /health/live HTTP/1.1\r\nHost:\r\n\r\n'.repeat(20_000), '127.0.0.17');
  tooMany.socket.pause();
  tooMany.destroy();
  await until(
    async () => (await metric('repram_held_bytes{holder="requests"}')) === 0,
    'their charge to be given back',
  );
});

it('closes a connection for good that was told 400 and stays half open', async () => {
  const sockets = Array.from({ length: 5 }, () => {
    const socket = connect({
      port: victims.port,
      host: '127.0.0.1',
      localAddress: '127.0.0.18',
      allowHalfOpen: true,
    });
    socket.on('error', () => undefined);
    socket.write('this is no HTTP\r\n\r\n');
    return socket;
  });
  let answers = '';
  for (const socket of sockets) socket.on('data', (chunk) => (answers += chunk.toString('latin1')));
  await until(() => statusesOf(answers).length >= 5, 'five refusals');
  expect(statusOf(answers)).toBe(400);
  await until(async () => (await metric('repram_connections')) < 5, 'the connections to be closed');
  for (const socket of sockets) socket.destroy();
});

it('keeps a connection that it has closed while what its client still sends comes at a pace, and no longer', async () => {
  let closing: Socket | null = null;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    closing = socket;
    limitClosing(socket, { windowMs: 200, bytes: 1000, windowsMax: 50 });
    socket.on('error', () => undefined).resume();
    socket.end('bye');
  });
  const port = await portRange(1);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined).resume();
  const feed = setInterval(() => client.write('x'.repeat(2000)), 10);
  try {
    await until(() => (closing?.bytesRead ?? 0) > 100_000, 'the body to arrive for a while');
    clearInterval(feed);
    await until(() => closing?.destroyed === true, 'the connection to be given up');
  } finally {
    clearInterval(feed);
    client.destroy();
    server.close();
  }
});
