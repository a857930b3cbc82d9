// Nodes start in every order, among strangers that hold ports of their range, and after their port
// was taken from them.
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { call, isReady, portsFrom, put, read, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { portRange } from '../support/processes/ports';
import { untilSame } from '../support/processes/sameness';
import { seededPrng } from '../support/basics/seeded';
import { until } from '../support/basics/until';

const ORDERS = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
];

/** Whatever may hold a port: each does something else to who asks it. */
const SQUATTERS: readonly (() => Server)[] = [
  () => createServer((_, response) => response.end('{"status":"ok"}')),
  () => createServer((_, response) => response.writeHead(500).end()),
  () => createTcpServer(),
  () => createTcpServer((socket) => socket.destroy()),
  () => createTcpServer((socket) => socket.on('error', () => undefined).write('220 mail ESMTP\r\n')),
  () => createTcpServer((socket) => socket.on('error', () => undefined).write(Buffer.alloc(100_000, 255))),
];

describe('nodes', () => {
  const cluster = new Cluster();
  const prng = seededPrng();
  const squatters: { server: Server; sockets: Set<Socket> }[] = [];

  /**
   * Again and again while the port is not free: a killed process holds on to it until its last
   * thread has ended.
   */
  async function squat(create: () => Server, port: number): Promise<void> {
    const sockets = new Set<Socket>();
    await until(
      async () => {
        const server = create();
        server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject).listen(port, '127.0.0.1', resolve);
        });
        squatters.push({ server, sockets });
        return true;
      },
      `a stranger holds ${port}`,
      30_000,
    );
  }

  afterEach(async () => {
    await cluster.cleanUp();
    for (const { server, sockets } of squatters.splice(0)) {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function expectOneNetwork(ports: readonly number[]): Promise<void> {
    await untilMesh(ports);
    for (const port of ports) expect([201, 202]).toContain((await put(port, `by ${port}`, 'x')).status);
    await untilSame(ports);
    for (const port of ports) {
      for (const writer of ports) expect(await read(port, `by ${writer}`)).toBe('200 x');
    }
  }

  it.each(ORDERS)('that start in the order %i, %i, %i form one network', async (...order) => {
    const base = await portRange(10);
    for (const index of order) {
      const node = cluster.startNode({ base, index });
      // Sometimes one after the other, sometimes at the same time.
      if (prng.chance(0.5)) await until(() => node.events('port-claimed').length > 0, 'it claims', 30_000);
    }
    await expectOneNetwork(portsFrom(base, 3));
  });

  it('find each other on the ports that six kinds of strangers left free', async () => {
    const base = await portRange(10);
    const shuffled = portsFrom(base, 10)
      .map((port) => ({ port, at: prng.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ port }) => port);
    const free = shuffled.slice(SQUATTERS.length).sort((a, b) => a - b);
    for (const [position, create] of SQUATTERS.entries()) await squat(create, shuffled[position]);
    const launcher = cluster.startLauncher({ base, nodes: 4 });
    await expectOneNetwork(free);
    expect(launcher.events('node-restarting')).toEqual([]);
    expect(launcher.errors).toBe('');
  });

  it('take another port when a stranger took theirs while they were dead, and are complete there', async () => {
    const network = await Launched.start(cluster);
    const [lost, ...kept] = [network.ports[1], network.ports[0], network.ports[2]];
    await put(kept[0], 'kept', 'by the others');
    network.launcher.signal('SIGSTOP');
    await network.end(lost, 'SIGKILL');
    await squat(SQUATTERS[0], lost);
    network.launcher.signal('SIGCONT');
    const ports = [...kept, network.base + 3];
    await until(() => isReady(network.base + 3), 'the node is ready on the next free port', 60_000);
    await untilSame(ports);
    for (const port of ports) expect(await read(port, 'kept')).toBe('200 by the others');
    expect((await call(lost, '/')).body.toString()).toBe('{"status":"ok"}');
    await until(async () => {
      const views = await Promise.all(ports.map(viewOf));
      return views.every(({ peers }) => peers.filter((peer) => peer.state === 'alive').length === 2);
    }, 'each shows two others alive');
    await until(async () => {
      const shown = (await viewOf(kept[0])).peers.find((peer) => peer.port === lost);
      return shown?.state === 'dead';
    }, 'the one that was killed is shown as dead: nobody of this network answers in its place');
    expect((await put(network.base + 3, 'more', 'x')).status).toBe(201);
  });
});
