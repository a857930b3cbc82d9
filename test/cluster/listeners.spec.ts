// Clients that do all at once, on few connections, for long: a node collects no listeners on what
// lives longer than one request.
import { randomBytes } from 'node:crypto';
import { call, isReady, put } from '../support/http/calls';
import { ByteConnection, statusesOf } from '../support/http/byte-connection';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';

const MIB = 1024 * 1024;
/** More than the listeners that Node.js takes for a leak. */
const TIMES = 30;
const HOST = 'Host: h\r\n';
const LARGE = randomBytes(4 * MIB);

const cluster = new Cluster();
let node: TestProcess;
let port: number;
beforeAll(async () => {
  port = await portRange(3);
  node = cluster.startNode({ base: port, env: { NODE_COUNT: '1', MAX_PORTS: '3' } });
  await until(() => isReady(port), 'the node is ready');
  expect((await put(port, 'large', LARGE)).status).toBe(201);
});
afterAll(() => cluster.cleanUp());

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`;
const upload = (bytes: number, headers = ''): string =>
  `PUT /data/up HTTP/1.1\r\n${HOST}${headers}Content-Length: ${bytes}\r\n\r\n`;
const OFFER = 'Connection: Upgrade\r\nUpgrade: foo\r\n';

/** Sends it and reads until so many answers were begun, or the node closed. */
async function answers(bytes: string, count: number): Promise<number[]> {
  const connection = await ByteConnection.open(port, bytes);
  const finals = (): number[] => statusesOf(connection.answer).filter((status) => status >= 200);
  await until(() => finals().length >= count || connection.closed, 'all answers');
  connection.destroy();
  return finals();
}

/** What Node.js warned of before. */
let known = '';
afterEach(async () => {
  expect((await call(port, '/health/live')).status).toBe(200);
  const before = known;
  known = node.errors;
  expect(known.slice(before.length)).toBe('');
});

it('for large answers on one connection, each read before the next is asked for', async () => {
  const connection = await ByteConnection.open(port, '');
  const { socket } = connection;
  socket.removeAllListeners('data');
  let readBytes = 0;
  socket.on('data', (piece: Buffer) => (readBytes += piece.length));
  for (let i = 1; i <= TIMES; i += 1) {
    socket.write(get('/data/large'));
    await until(() => readBytes > i * LARGE.length, 'the answer is read');
  }
  connection.destroy();
});

it.each([
  ['listings', get('/keys')],
  ['listings with a limit', get('/keys?limit=1')],
  ['small values', get('/data/large', 'If-None-Match: *\r\n')],
  ['pages', get('/status')],
  ['unknown paths', get('/nothing-here')],
  ['offers to upgrade', get('/health/live', OFFER)],
  ['refused uploads', `${upload(1, 'If-None-Match: *\r\n')}x`],
  ['uploads', `${upload(1)}x`],
  ['uploads in the way of another protocol', `${upload(1, OFFER)}x`],
])('for pipelined %s', async (_what, request) => {
  expect(await answers(request.repeat(TIMES), TIMES)).toHaveLength(TIMES);
});

it('for a mixture of all on connections that hang up at any moment', async () => {
  const mixture = [
    get('/keys'),
    `${upload(3)}abc`,
    get('/data/large'),
    get('/events?since=0'),
    get('/data/none?wait=5'),
    get('/metrics'),
    get('/status', OFFER),
    `${upload(10)}abcdefghij`,
    get('/keys?limit=2'),
  ].join('');
  for (let round = 0; round < 40; round += 1) {
    const connection = await ByteConnection.open(port, mixture.repeat(6) + upload(MIB));
    await until(() => connection.answer.length > round * 1000 || connection.closed, 'something came');
    connection.destroy();
  }
});
