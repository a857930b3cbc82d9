// What a gateway in front of the node may do: check ports with nothing but a connection, keep
// connections, send again.
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { call, get, put } from '../support/http/calls';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { until } from '../support/basics/until';

let node: FakeNode;
beforeEach(async () => {
  node = await startFakeNode();
});
afterEach(() => node.close());

function connected(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(node.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));
const problems = async (): Promise<string[]> => {
  const { body } = await call(node.port, '/metrics');
  return body
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('repram_rejected_requests_total') && !line.endsWith(' 0'));
};

it.each<[string, (socket: Socket) => void]>([
  ['closed', (socket) => void socket.end()],
  ['reset', (socket) => void socket.resetAndDestroy()],
])('a connection that is %s at once is nothing to speak of', async (_what, end) => {
  const before = node.lines.length;
  for (let round = 0; round < 50; round += 1) {
    const socket = await connected();
    end(socket);
    await closed(socket);
  }
  await until(async () => (await connectionsOf(node)) === 0, 'the node has noticed');
  expect(node.lines.slice(before)).toEqual([]);
  expect(await problems()).toEqual([]);
  expect((await call(node.port, '/health')).status).toBe(200);
});

it('bytes that are no request are counted, so that the silence above means something', async () => {
  const socket = await connected();
  socket.resume().write('junk\r\n\r\n');
  await closed(socket);
  expect(await problems()).toEqual([expect.stringContaining('request-invalid')]);
});

it('a connection is kept for longer than a gateway keeps it', () => {
  expect(node.app.getHttpServer().keepAliveTimeout).toBeGreaterThan(80_000);
});

it('one connection carries many requests', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 20; i += 1) expect((await put(node.port, 'k', `v${i}`, { agent })).status).toBe(201);
  expect((await get(node.port, 'k', { agent })).body.toString()).toBe('v19');
  expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  agent.destroy();
});

it('a write that is sent again changes nothing but its version', async () => {
  const answers = [await put(node.port, 'k', 'v'), await put(node.port, 'k', 'v')];
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect((await get(node.port, 'k')).body.toString()).toBe('v');
});

function connectionsOf({ app }: FakeNode): Promise<number> {
  return new Promise((resolve) => {
    app.getHttpServer().getConnections((_error: Error | null, count: number) => resolve(count));
  });
}
