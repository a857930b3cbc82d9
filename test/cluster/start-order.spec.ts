// Nodes find each other in whatever order they start, with a launcher or without.
import { call, portsFrom, put, read, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { inParallel } from '../support/basics/in-parallel';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

describe('nodes that start', () => {
  const cluster = new Cluster();

  afterEach(() => cluster.cleanUp());

  it.each([3, 5, 10])(
    'at the same instant without a launcher, %i of them, form one network',
    async (count) => {
      const base = await portRange(count);
      const env = { NODE_COUNT: String(count), MAX_PORTS: String(count) };
      const nodes = portsFrom(1, count).map((number) =>
        cluster.startNode({ base, name: `node-${number}`, env }),
      );
      await untilMesh(portsFrom(base, count), 60_000);
      const claimed = nodes.flatMap((node) => node.events('port-claimed').map((line) => Number(line.port)));
      expect(claimed.sort()).toEqual(portsFrom(base, count));
      expect(nodes.flatMap((node) => node.events('member-dead'))).toEqual([]);
    },
  );

  it('with the highest port first and the first port last form one network', async () => {
    const base = await portRange(10);
    for (const index of [3, 2]) {
      const node = cluster.startNode({ base, index });
      await until(() => node.events('port-claimed').length > 0, `node ${index} claims its port`, 30_000);
      expect(node.events('port-claimed')).toMatchObject([{ port: base + index - 1 }]);
    }
    cluster.startNode({ base });
    await untilMesh(portsFrom(base, 3));
  });

  it('alone become ready alone, and take in who comes later together with the data', async () => {
    const base = await portRange(10);
    const first = cluster.startNode({ base, name: 'first' });
    await untilMesh([base]);
    expect((await put(base, 'early', 'bird')).status).toBe(202);
    const aloneSince = performance.now();
    await until(() => performance.now() - aloneSince > 3000, 'the first rounds of greeting are long over');

    cluster.startNode({ base, name: 'second' });
    await untilMesh(portsFrom(base, 2));
    expect(await read(base + 1, 'early')).toBe('200 bird');
    expect((await put(base + 1, 'pair', 'of two')).status).toBe(201);

    const third = cluster.startNode({ base, name: 'third' });
    await untilMesh(portsFrom(base, 3));
    expect(third.events('synced')).toMatchObject([{ keys: 2 }]);
    expect(await read(base + 2, 'early')).toBe('200 bird');
    expect(await read(base + 2, 'pair')).toBe('200 of two');
    expect(first.events('peer-joined').map((line) => line.peer_name)).toEqual(['second', 'third']);
  });

  it('in a formed network of three carry all its keys with their remaining life before they are ready', async () => {
    const base = await portRange(10);
    cluster.startLauncher({ base });
    const ports = portsFrom(base, 3);
    await untilMesh(ports);
    const keys = portsFrom(1, 200).map((number) => `key-${number}`);
    await inParallel(keys, 10, (key) => put(ports[0], key, `of ${key}`, { ttl: 900 }));

    cluster.startNode({ base, name: 'fourth' });
    await until(async () => (await call(base + 3, '/health/ready')).status === 200, 'it is ready', 30_000);
    const answers = await Promise.all(keys.map((key) => call(base + 3, `/data/${key}`)));
    expect(answers.map((answer) => answer.body.toString())).toEqual(keys.map((key) => `of ${key}`));
    const remaining = answers.map((answer) => Number(answer.headers['x-remaining-ttl']));
    expect(Math.max(...remaining)).toBeLessThanOrEqual(900);
    expect(Math.min(...remaining)).toBeGreaterThan(840);
    await untilMesh(portsFrom(base, 4));
  });

  it('under a second launcher in the same range join the network of the first', async () => {
    const base = await portRange(10);
    const first = cluster.startLauncher({ base });
    await untilMesh(portsFrom(base, 3));
    await put(base, 'shared', 'by all');
    const second = cluster.startLauncher({ base, env: { REPRAM_NODE_ID: 'second' } });
    await untilMesh(portsFrom(base, 6));
    for (const port of portsFrom(base, 6)) {
      expect((await viewOf(port)).peers).toHaveLength(5);
      expect(await read(port, 'shared')).toBe('200 by all');
    }
    expect(new Set((await viewOf(base)).peers.map((peer) => peer.host)).size).toBe(1);
    expect(second.events('node-port-claimed').map((line) => line.name)).toHaveLength(3);
    expect([...first.events('member-dead'), ...second.events('member-dead')]).toEqual([]);
  });
});
