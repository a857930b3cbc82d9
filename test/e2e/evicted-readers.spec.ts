// Connections that have to go for others while their readers do not read what they were answered.
// Without an engine: connections.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Connections } from '../../src/http/limits/connections';
import { Ledger } from '../../src/http/limits/ledger';
import { ByteConnection } from '../support/http/byte-connection';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const MIB = 1024 * 1024;
const ANSWER_BYTES = 32 * MIB;
const REQUEST = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';

let server: Server;
let connections: Connections;
let port = 0;
/** Of this node, in the order in which they came. */
const accepted: Socket[] = [];

beforeEach(async () => {
  accepted.length = 0;
  server = createServer((_, response) => response.end(Buffer.alloc(ANSWER_BYTES)));
  server.on('connection', (socket) => accepted.push(socket));
  const rules = { max: 1, perAddressMax: 10, bytesPerAddressMax: Infinity };
  const isClient = { kindOf: () => 'client' as const, isPeer: () => false };
  const ignore = (): void => undefined;
  connections = new Connections({ ...rules, ...isClient }, new Ledger(64 * MIB), ignore, () => accepted);
  connections.guard(server);
  port = await portRange(1);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Asks, and reads nothing until it is told to. */
async function unread(): Promise<{ readonly socket: Socket; readonly failures: unknown[] }> {
  const socket = connect(port, '127.0.0.1');
  const failures: unknown[] = [];
  socket.on('error', ({ code }: NodeJS.ErrnoException) => failures.push(code));
  await once(socket, 'connect');
  socket.write(REQUEST);
  await until(() => accepted.some((each) => each.writableLength > 0), 'more than the kernel takes');
  return { socket, failures };
}

it('a connection whose reader does not read is reset, so that nothing of its answer is kept', async () => {
  const { socket, failures } = await unread();
  const [ours] = accepted;
  const next = await ByteConnection.open(port, REQUEST);
  await until(() => next.answer.startsWith('HTTP/1.1 200'), 'the next one has its place');
  expect(ours.destroyed).toBe(true);
  expect(connections.counts()).toEqual({ open: 1, madeRoom: 1, refused: 0 });
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await until(() => socket.destroyed, 'the reader hears of it');
  // Some systems tell the reader no error. Without a reset it would get what the kernel held too.
  expect(failures.includes('ECONNRESET') || bytes < MIB).toBe(true);
  next.destroy();
});

it('a connection that waits for a head is closed in order in the same place', async () => {
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  await until(() => accepted.length > 0, 'it has its place');
  const next = await ByteConnection.open(port, REQUEST);
  idle.resume();
  const failed = jest.fn();
  idle.on('error', failed);
  await once(idle, 'end');
  await once(idle, 'close');
  expect(failed).not.toHaveBeenCalled();
  expect(connections.counts().madeRoom).toBe(1);
  next.destroy();
});
