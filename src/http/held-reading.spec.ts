// While the reading of a socket is held, its bytes stay with the kernel. Once it is let go they
// come, each in its turn.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { until } from '../../test/support/basics/until';
import { holdReading } from './held-reading';

let server: Server;
let accepted: Socket[];
const clients: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => void accepted.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  for (const socket of [...clients.splice(0), ...accepted]) socket.destroy();
  server.close();
});

/** Both ends of a connection. */
async function connection(): Promise<{ client: Socket; held: Socket }> {
  const before = accepted.length;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
  clients.push(client);
  await until(() => accepted.length > before, 'the connection to be accepted');
  return { client, held: accepted[before] };
}

/** Whatever had come to this process before was told to it. */
async function allHasCome(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const { client, held } = await connection();
    client.write('x');
    await once(held, 'data');
  }
}

it('nothing is read of a socket that is held while a piece of it is taken', async () => {
  const { client, held } = await connection();
  const taken: string[] = [];
  let letGo = (): void => undefined;
  held.on('data', (piece: Buffer) => {
    taken.push(piece.toString());
    letGo = holdReading(held);
  });
  let readBytes = 0;
  for (const piece of ['first', 'second', 'third']) {
    client.write(piece);
    if (readBytes > 0) {
      await allHasCome();
      expect([taken, held.bytesRead]).toEqual([[], readBytes]);
      letGo();
    }
    await until(() => taken.length > 0, 'the next piece');
    readBytes += piece.length;
    expect([taken.splice(0), held.bytesRead]).toEqual([[piece], readBytes]);
  }
});

it('a socket that was to pause when it was let go is read once it is to go on', async () => {
  const { client, held } = await connection();
  const taken: string[] = [];
  held.on('data', (piece: Buffer) => taken.push(piece.toString()));
  client.write('first');
  await until(() => taken.length > 0, 'the first piece');
  const letGo = holdReading(held);
  held.pause();
  client.write('second');
  letGo();
  await allHasCome();
  expect(taken).toEqual(['first']);
  held.resume();
  await until(() => taken.length > 1, 'the second piece');
});

it('a socket that was let go again and again while it was to pause has one listener for that', async () => {
  const { held } = await connection();
  held.on('data', () => undefined);
  held.pause();
  const before = held.listenerCount('resume');
  for (let round = 0; round < 20; round += 1) holdReading(held)();
  expect(held.listenerCount('resume')).toBe(before + 1);
});

it('a socket that goes on and is held at once is not read before it is let go', async () => {
  const { client, held } = await connection();
  const taken: string[] = [];
  held.on('data', (piece: Buffer) => taken.push(piece.toString()));
  held.pause();
  holdReading(held)();
  held.resume();
  const letGo = holdReading(held);
  client.write('value');
  await allHasCome();
  expect([taken, held.bytesRead]).toEqual([[], 0]);
  letGo();
  await until(() => taken.length > 0, 'the value');
});
