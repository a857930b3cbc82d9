// Nodes of one network whose addresses of a store lead to two stores.
// With servers of its own: two of them.
import { parseStoreUrl } from '../../src/config/store-address';
import { createNode, type RunningNode } from '../../src/create-node';
import { until } from '../support/basics/until';
import { recordingLog, testSettings, type LogLine } from '../support/fakes/fake-node';
import { portRange } from '../support/processes/ports';
import { RedisServer } from '../support/redis/redis-server';
import { describeWithRedis } from '../support/redis/with-redis';
import { newClusterName } from '../support/redis/store-engine';

interface Started {
  readonly node: RunningNode;
  readonly lines: LogLine[];
}

class Scene {
  readonly servers: RedisServer[] = [];
  readonly started: Started[] = [];
  ports: number[] = [];

  async begin(): Promise<void> {
    const first = await portRange(2);
    this.ports = [first, first + 1];
  }

  async serve(at: number): Promise<RedisServer> {
    const server = await RedisServer.start(this.ports[at]);
    this.servers.push(server);
    return server;
  }

  /** Nodes of one network, each with a store at this address. */
  async nodes(...urls: readonly string[]): Promise<Started[]> {
    const [basePort, cluster] = [await portRange(urls.length), newClusterName()];
    const range = { basePort, cluster, maxPorts: urls.length, nodeCount: urls.length };
    for (const [at, url] of urls.entries()) {
      const { log, lines } = recordingLog();
      const settings = testSettings({
        ...range,
        index: at + 1,
        name: `node-${at + 1}`,
        store: parseStoreUrl(url),
      });
      this.started.push({ node: await createNode(settings, { log }), lines });
    }
    return this.started;
  }

  async end(): Promise<void> {
    await Promise.all(this.started.splice(0).map(({ node }) => node.stop()));
    await Promise.all(this.servers.splice(0).map((server) => server.stop()));
  }
}

const reasons = ({ lines }: Started, event: string): unknown[] =>
  lines.filter((line) => line.event === event).map(({ fields }) => (fields as { reason?: string }).reason);

const linked = ({ node }: Started): number => node.runtime.counters().links.links;

describeWithRedis('nodes of one network', () => {
  const scene = new Scene();
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());

  it('with two servers are no peers, and say so', async () => {
    for (const at of [0, 1]) await scene.serve(at);
    const [a, b] = await scene.nodes(...scene.ports.map((port) => `redis://127.0.0.1:${port}`));
    const isSaid = (): boolean =>
      [a, b].some((each) => reasons(each, 'peer-refused').includes('other-store'));
    await until(isSaid, 'one refuses the other', 30_000);
    await until(() => linked(a) + linked(b) === 0, 'no link is left');
  });

  it('with two databases of one server are no peers', async () => {
    await scene.serve(0);
    const [a, b] = await scene.nodes(...[0, 3].map((each) => `redis://127.0.0.1:${scene.ports[0]}/${each}`));
    const isSaid = (): boolean =>
      [a, b].some((each) => reasons(each, 'peer-refused').includes('other-store'));
    await until(isSaid, 'one refuses the other', 30_000);
  });

  it('link before their stores can be reached, and part when these turn out to be two', async () => {
    const [a, b] = await scene.nodes(...scene.ports.map((port) => `redis://127.0.0.1:${port}`));
    await until(() => linked(a) === 1 && linked(b) === 1, 'they link');
    for (const at of [0, 1]) await scene.serve(at);
    await until(() => linked(a) + linked(b) === 0, 'they part', 30_000);
  });

  it('with one server stay linked while it is emptied', async () => {
    const server = await scene.serve(0);
    const url = `redis://127.0.0.1:${scene.ports[0]}`;
    const [a, b] = await scene.nodes(url, url);
    await until(() => linked(a) === 1 && linked(b) === 1, 'they link');
    const meta = server.call('KEYS', '*:meta');
    const id = (): string => server.call('HGET', meta, 'id');
    const before = id();
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    server.call('FLUSHALL');
    await until(() => /^[0-9a-f]{16}$/.test(id()), 'the store has an id again');
    expect(id()).not.toBe(before);
    const kept = (): number => Number(server.call('HGET', meta, 'kept'));
    server.call('HDEL', meta, 'kept');
    await until(() => kept() > 0, 'the store was read since');
    for (const each of [a, b]) {
      expect(reasons(each, 'peer-link-lost')).toEqual([]);
      expect(reasons(each, 'peer-refused')).toEqual([]);
    }
  });
});
