// Three hosts of the platform, three nodes on each, that find each other through the platform's list and nothing else.
// Their addresses are public and there is no secret: only who is listed may be a peer.
import { call, put, read, untilMesh, viewOf } from '../support/calls';
import { within } from '../support/namespaces';
import { BASE, PlatformCluster, PORTS } from '../support/platform-cluster';
import { HOSTS, PlatformHosts } from '../support/platform-hosts';
import { until } from '../support/until';

const problem = PlatformHosts.problem();
if (problem !== null) process.stdout.write(`Skipped: no network namespaces here (${problem})\n`);
const possible = problem === null ? it : it.skip;

/** Something else on the port of a node, at an address that the platform lists. */
const SQUATTER = `require('node:http').createServer((_, r) => r.end('mine')).listen(${BASE}, '203.0.113.1')`;

describe('three nodes on each of three hosts of the platform', () => {
  let nodes: PlatformCluster;

  beforeEach(async () => {
    nodes = await PlatformCluster.prepare();
  });

  afterEach(() => nodes.remove());

  const first = (host: (typeof HOSTS)[number]) => nodes.places(host)[0];

  possible('form one network of nine, whatever else the platform lists', async () => {
    const { platform } = nodes.hosts;
    platform.rows.push('203.0.113.99:16127', '203.0.113.1', '127.0.0.1', 'junk');
    platform.components = [{ name: 'a', ports: PORTS, containerPorts: PORTS }];
    nodes.cluster.run([...within('hub'), process.execPath, '-e', SQUATTER]);
    await nodes.form();
    const addressOfB = nodes.hosts.addressOf('b');
    expect((await nodes.addressesAt(first('a'), 'b')).sort()).toEqual(
      PORTS.map((port) => `${addressOfB}:${port}`),
    );
    for (const host of HOSTS) await nodes.expectReplication(nodes.places(host)[1], `from ${host}`);
    for (const place of nodes.everywhere()) expect(await read(place, 'from b')).toBe('200 put from b');
    const { membership } = JSON.parse((await call(first('c'), '/status')).body.toString()) as {
      membership: object;
    };
    expect(membership).toMatchObject({ expected_hosts: 3, alive: 8 });
    for (const host of HOSTS) {
      expect(nodes.launcher(host).events('peer-refused')).toEqual([]);
      expect(nodes.launcher(host).events('platform-silent')).toEqual([]);
    }
  });

  possible('stay alone while the platform does not answer, and find each other once it does', async () => {
    nodes.hosts.platform.mood = 'error';
    for (const host of HOSTS) nodes.launch(host);
    for (const host of HOSTS) await untilMesh(nodes.places(host));
    await until(
      () => HOSTS.every((host) => nodes.launcher(host).events('platform-silent').length === 3),
      'all nodes have noticed',
    );
    nodes.hosts.platform.mood = 'well';
    await untilMesh(nodes.everywhere(), 90_000);
    await nodes.expectReplication(first('a'), 'together');
  });

  possible('lose a host and have it back under another address, with all data', async () => {
    await nodes.form();
    await nodes.expectReplication(first('a'), 'before');
    nodes.hosts.cable('c', 'down');
    nodes.launcher('c').killAll();
    const deadAt = async (place: string | number): Promise<number> =>
      (await viewOf(place)).peers.filter(({ state }) => state === 'dead').length;
    await until(
      async () => {
        const dead = await Promise.all(nodes.places('a', 'b').map(deadAt));
        return dead.every((count) => count === 3);
      },
      'the others take its nodes for dead',
      60_000,
    );
    const held = async (): Promise<boolean> => (await put(first('a'), 'without c', 'held')).status === 201;
    await until(held, 'two of three hosts are a quorum');
    nodes.hosts.move('c', '203.0.113.23');
    nodes.hosts.platform.rows.push('203.0.113.23:16127');
    nodes.hosts.cable('c', 'up');
    const returned = nodes.launch('c');
    await untilMesh(nodes.everywhere(), 120_000);
    const listed = PORTS.map((port) => `203.0.113.23:${port}`);
    expect((await nodes.addressesAt(first('a'), 'c')).sort()).toEqual(listed);
    await nodes.expectKeys(['before', 'without c'], nodes.everywhere());
    const told = returned.events('own-address').map(({ address }) => address);
    expect(told).toEqual(Array(3).fill('203.0.113.23'));
  });

  possible('follow a host that gets another address while its nodes run', async () => {
    await nodes.form();
    const ids = (await Promise.all(nodes.places('c').map(viewOf))).map((view) => view.node_id);
    nodes.hosts.move('c', '203.0.113.33');
    nodes.hosts.platform.rows[2] = '203.0.113.33:16127';
    const listed = PORTS.map((port) => `203.0.113.33:${port}`).join();
    const isFollowed = async (): Promise<boolean> =>
      (await nodes.addressesAt(first('a'), 'c')).sort().join() === listed;
    await until(isFollowed, 'host a knows the new address', 120_000);
    const after = await untilMesh(nodes.everywhere(), 60_000);
    expect(after.slice(6)).toEqual(ids);
    await nodes.expectReplication(first('c'), 'from the new address');
  });
});
