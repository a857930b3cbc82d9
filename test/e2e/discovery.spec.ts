// On gossip alone: this is how nodes find each other.
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const open: { close(done: () => void): unknown }[] = [];
const nodes: FakeNode[] = [];

async function start(changes: Parameters<typeof startFakeNode>[0] = {}): Promise<FakeNode> {
  const node = await startFakeNode(changes);
  nodes.push(node);
  return node;
}

async function listening(server: Server | HttpServer, port: number): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}

const answering = async (handler: RequestListener): Promise<number> =>
  listening(createHttpServer(handler), await portRange(1));

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
  await Promise.all(
    open.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  );
});

function candidatesOf(node: FakeNode, source: string): unknown {
  const found = node.discovery.submitted.find(
    (input) => input.kind === 'candidates' && input.source === source,
  );
  return found?.kind === 'candidates' ? found.endpoints : null;
}

async function probed(node: FakeNode, port: number): Promise<unknown> {
  const endpoint = { address: '127.0.0.1', port };
  node.discovery.probe(endpoint);
  return until(() => {
    const result = node.discovery.submitted.find(
      (input) => input.kind === 'probe-result' && input.endpoint.port === port,
    );
    return result?.kind === 'probe-result' ? result.outcome : null;
  }, `the probe of port ${port}`);
}

it('submits the port range before it listens', async () => {
  const node = await start({ basePort: 12_000, maxPorts: 2 });
  expect(candidatesOf(node, 'port-range')).toEqual([
    { address: '127.0.0.1', port: 12_000 },
    { address: '127.0.0.1', port: 12_001 },
  ]);
});

it('submits static peers, and starts with a domain that cannot be resolved', async () => {
  const node = await start({
    discoveryDomain: 'does-not-exist.invalid',
    peers: [{ address: '10.0.0.9', port: 9000 }],
  });
  await until(() => candidatesOf(node, 'static-peers') !== null, 'the static peers');
  expect(candidatesOf(node, 'static-peers')).toEqual([{ address: '10.0.0.9', port: 9000 }]);
  await until(() => candidatesOf(node, 'domain') !== null, 'the domain to be given up');
  expect(candidatesOf(node, 'domain')).toEqual([]);
});

it('tells a peer, a node of another cluster, a foreign server and a free port apart', async () => {
  const [node, peer, stranger] = [await start(), await start(), await start({ cluster: 'other' })];
  const foreign = await answering((_request, response) => response.end('<html>hello</html>'));
  const redirecting = await answering((_request, response) =>
    response.writeHead(302, { location: `${peer.url}/health` }).end(),
  );
  const huge = await answering((_request, response) => response.end('x'.repeat(100_000)));
  expect(await probed(node, peer.port)).toEqual({ kind: 'peer', id: peer.engine.origin });
  expect(await probed(node, stranger.port)).toEqual({ kind: 'other-cluster', cluster: 'other' });
  expect(await probed(node, foreign)).toEqual({ kind: 'foreign' });
  expect(await probed(node, redirecting)).toEqual({ kind: 'foreign' });
  expect(await probed(node, huge)).toEqual({ kind: 'foreign' });
  expect(await probed(node, await portRange(1))).toEqual({ kind: 'refused' });
});

it('knows a peer that is shutting down or unwell by its id', async () => {
  const [node, peer] = [await start(), await start()];
  peer.engine.currentState = 'draining';
  expect(await probed(node, peer.port)).toEqual({ kind: 'peer', id: peer.engine.origin });
});

it('takes whoever speaks no HTTP for foreign, and gives up on silence after a second', async () => {
  const node = await start();
  const sockets: Socket[] = [];
  const rude = await listening(
    createServer((socket) => socket.resume().end('SSH-2.0-x\r\n')),
    await portRange(1),
  );
  const silent = await listening(
    createServer((socket) => sockets.push(socket)),
    await portRange(1),
  );
  expect(await probed(node, rude)).toEqual({ kind: 'foreign' });
  const startMs = performance.now();
  expect(await probed(node, silent)).toEqual({ kind: 'timeout' });
  expect(performance.now() - startMs).toBeLessThan(2500);
  for (const socket of sockets) socket.destroy();
});

it('asks at most 96 endpoints at a time, and none twice at once', async () => {
  const node = await start();
  const ports: number[] = [];
  let active = 0;
  let most = 0;
  let asked = 0;
  const slow: RequestListener = (_request, response) => {
    asked++;
    most = Math.max(most, ++active);
    setTimeout(() => {
      active--;
      response.end('{}');
    }, 300);
  };
  for (let range = 0; range < 6; range++) {
    const base = await portRange(20);
    for (let port = base; port < base + 20; port++) ports.push(await listening(createHttpServer(slow), port));
  }
  for (const port of [...ports, ...ports]) node.discovery.probe({ address: '127.0.0.1', port });
  const results = (): number => node.discovery.submitted.filter(({ kind }) => kind === 'probe-result').length;
  await until(() => results() === 120, '120 results');
  expect(asked).toBe(120);
  expect(most).toBeLessThanOrEqual(96);
  expect(most).toBeGreaterThan(48);
});
