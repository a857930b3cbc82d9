// Ports of the range that are not free: foreign programs are skipped, other clusters left alone,
// and a node that finds no port says so and keeps trying.
import { createServer } from 'node:http';
import { createServer as createSilentServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { hostId } from '../../src/adapters/host-id';
import { createNode } from '../../src/create-node';
import type { RunningNode } from '../../src/create-node';
import { isReady, portsFrom, put, read, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { testSettings } from '../support/fakes/fake-node';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const NAMES = ['flux-node-1', 'flux-node-2', 'flux-node-3'];

describe('in a range where', () => {
  const cluster = new Cluster();
  const strangers: { server: Server; sockets: Set<Socket> }[] = [];
  let inProcess: RunningNode | null = null;

  async function occupy(server: Server, port: number): Promise<void> {
    const sockets = new Set<Socket>();
    strangers.push({ server, sockets });
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  afterEach(async () => {
    await inProcess?.stop();
    inProcess = null;
    for (const { server, sockets } of strangers.splice(0)) {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
    await cluster.cleanUp();
  });

  it.each([
    ['a foreign HTTP server', NAMES, () => createServer((_, response) => response.end('<h1>not yours</h1>'))],
    ['a program that never says a word', [], () => createSilentServer()],
  ])('%s holds a port, the nodes skip it', async (_what, warned, create) => {
    const base = await portRange(10);
    await occupy(create(), base + 1);
    const launcher = cluster.startLauncher({ base });
    const ports = [base, base + 2, base + 3];
    await untilMesh(ports);
    const claims = launcher.events('port-claimed').map((line) => Number(line.port));
    expect(claims.sort()).toEqual(ports);
    expect(launcher.events('port-claimed').flatMap((line) => line.skipped)).toContain(base + 1);
    await put(ports[0], 'beside', 'a stranger');
    for (const port of ports) expect(await read(port, 'beside')).toBe('200 a stranger');
    const ignored = (): unknown[] => launcher.events('candidate-ignored').map((line) => line.node);
    await until(() => ignored().length >= warned.length, 'each node has told of the stranger');
    expect(ignored().sort()).toEqual(warned);
  });

  it('another cluster has a node, each leaves the other alone and says so once', async () => {
    const base = await portRange(10);
    const other = cluster.startNode({ base, index: 2, env: { REPRAM_CLUSTER: 'other' } });
    await untilMesh([base + 1]);
    const launcher = cluster.startLauncher({ base });
    const ports = [base, base + 2, base + 3];
    await untilMesh(ports);
    const since = performance.now();
    await until(() => performance.now() - since > 3000, 'both have greeted each other several times');

    expect((await viewOf(base + 1)).peers).toEqual([]);
    await untilMesh(ports);
    const ignored = launcher.events('candidate-ignored');
    expect(ignored.map((line) => line.node).sort()).toEqual(NAMES);
    for (const line of ignored) {
      expect(line).toMatchObject({
        endpoint: `127.0.0.1:${base + 1}`,
        reason: 'belongs to cluster "other"',
      });
    }
    const seen = other.events('candidate-ignored').map((line) => line.endpoint);
    expect(seen.sort()).toEqual(ports.map((port) => `127.0.0.1:${port}`));
    await put(ports[0], 'ours', 'alone');
    expect(await read(base + 1, 'ours')).toMatch(/^404 /);
  });

  it('no port is free, a node says who answers there, and the others keep running', async () => {
    const base = await portRange(3);
    const env = { MAX_PORTS: '3' };
    await occupy(
      createServer((_request, response) => response.writeHead(418).end()),
      base + 2,
    );
    cluster.startLauncher({ base, nodes: 2, env });
    await untilMesh([base, base + 1]);
    const late = cluster.startNode({ base, env });
    await until(() => late.events('port-unclaimed').length > 0, 'it says that no port is free', 30_000);
    const [{ level, detail }] = late.events('port-unclaimed');
    expect(level).toBe('error');
    expect(detail).toContain(`no free port in ${base}-${base + 2}`);
    expect(detail).toMatch(new RegExp(`${base}: node flux-node-1 \\([0-9a-f]{16}\\) of cluster "repram"`));
    expect(detail).toContain(`${base + 2}: another program (HTTP 418)`);
    expect(late.errors).toBe('');
    expect(late.survivors()).toEqual([late.pid]);
    await untilMesh([base, base + 1]);
    late.signal('SIGTERM');
    expect(await late.exited).toEqual({ code: 0, signal: null });
  });

  it('a launcher finds fewer free ports than nodes, it says which nodes wait, and the rest take part', async () => {
    const base = await portRange(4);
    const env = { MAX_PORTS: '4' };
    cluster.startLauncher({ base, env });
    await untilMesh(portsFrom(base, 3));
    const second = cluster.startLauncher({ base, env });
    await untilMesh(portsFrom(base, 4));
    await until(() => second.events('node-port-unclaimed').length >= 2, 'two nodes wait', 30_000);
    for (const line of second.events('node-port-unclaimed')) {
      expect(line).toMatchObject({ level: 'error' });
      expect(line.detail).toContain(`no free port in ${base}-${base + 3}`);
    }
    second.signal('SIGTERM');
    expect(await second.exited).toEqual({ code: 0, signal: null });
    await untilLeft(base, 3);
  });

  it('a port becomes free, the node that waited for one claims it and joins', async () => {
    const base = await portRange(3);
    const env = { MAX_PORTS: '3' };
    const [, , third] = portsFrom(1, 3).map((index) => cluster.startNode({ base, index, env }));
    const ports = portsFrom(base, 3);
    await untilMesh(ports);
    await put(base, 'kept', 'for the next');

    const unclaimed: string[] = [];
    const settings = testSettings({
      cluster: 'repram',
      basePort: base,
      hostId: hostId() ?? '',
      name: 'patient',
    });
    const onUnclaimed = (detail: string): unknown => unclaimed.push(detail);
    inProcess = await createNode(settings, { retryAfterMs: 300, onUnclaimed });
    await until(() => unclaimed.length > 1, 'it has tried again in vain');
    expect(inProcess.listenPort).toBeNull();

    third.killAll();
    await until(() => inProcess?.listenPort === base + 2, 'it claims the port that became free');
    await untilMesh(ports);
    expect(await isReady(base + 2)).toBe(true);
    expect(await read(base + 2, 'kept')).toBe('200 for the next');
  });

  /** The first `count` nodes of the range show each other alive, and nobody else as alive. */
  async function untilLeft(base: number, count: number): Promise<void> {
    await until(async () => {
      const views = await Promise.all(portsFrom(base, count).map(viewOf));
      return views.every((view) => view.peers.filter((peer) => peer.state === 'alive').length === count - 1);
    }, `${count} nodes remain`);
  }
});
