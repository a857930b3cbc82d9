// Three hosts of the platform, three nodes on each, that find each other through the platform's
// list and nothing else. There is no secret, and in namespaces their addresses are public: only who
// is listed may be a peer.
import { join } from 'node:path';
import { call, put, read, untilMesh } from '../support/http/calls';
import { hostCases } from '../support/hosts/host-kinds';
import { NamespacePlatform } from '../support/platform/namespace-platform';
import { PlatformCluster } from '../support/platform/platform-cluster';
import { HOSTS } from '../support/platform/platform-hosts';
import type { LogLine } from '../support/processes/test-process';
import { until } from '../support/basics/until';

const CASES = hostCases(NamespacePlatform.problem());

/** Something else on the port of a node, at an address that the platform lists. */
const SQUATTER = `require('node:http').createServer((_, r) => r.end('mine')).listen(...process.argv.slice(1))`;

/** Half a minute passes between a node's own questions, and one case waits for several. */
const QUICK_POLLS = { NODE_OPTIONS: `--require ${join(__dirname, '../support/platform/quick-polls.cjs')}` };

/**
 * A node that has not heard the list yet knows nobody; and a busy machine may be late with a
 * greeting, which refuses nobody.
 */
function refusedWhenListed(line: LogLine, position: number, lines: readonly LogLine[]): boolean {
  const earlier = lines.slice(0, position);
  const hasHeard = earlier.some(({ event, node }) => event === 'platform-answers' && node === line.node);
  return line.event === 'peer-refused' && line.reason !== 'timeout' && hasHeard;
}

describe.each(CASES)('three nodes on each of three hosts of the platform ($kind)', (cases) => {
  const { kind, always, usual, wired } = cases;
  let nodes: PlatformCluster;

  const first = (host: (typeof HOSTS)[number]) => nodes.places(host)[0];

  /**
   * One network, of which a host fails at last: to form it anew for each takes longer than the
   * cases.
   */
  describe('that were launched once', () => {
    beforeAll(async () => {
      nodes = await PlatformCluster.prepare(kind);
      const { platform, hubAddress, ports } = nodes.hosts;
      platform.rows.push(`${nodes.hosts.address(99)}:16127`, hubAddress, '127.0.0.1', 'junk');
      platform.components = [{ name: 'a', ports, containerPorts: ports }];
      const squatter = [process.execPath, '-e', SQUATTER, String(ports[0]), hubAddress];
      nodes.cluster.run([...nodes.hosts.within('hub'), ...squatter]);
      await nodes.form(QUICK_POLLS);
    });

    afterAll(() => nodes.remove());

    always('form one network of nine, whatever else the platform lists', async () => {
      const { ports } = nodes.hosts;
      const addressOfB = nodes.hosts.addressOf('b');
      expect((await nodes.addressesAt(first('a'), 'b')).sort()).toEqual(
        ports.map((port) => `${addressOfB}:${port}`),
      );
      for (const host of HOSTS) await nodes.expectReplication(nodes.places(host)[1], `from ${host}`);
      for (const place of nodes.everywhere()) expect(await read(place, 'from b')).toBe('200 put from b');
      const { membership } = JSON.parse((await call(first('c'), '/status')).body.toString()) as {
        membership: object;
      };
      expect(membership).toMatchObject({ expected_hosts: 3, alive: 8 });
      for (const host of HOSTS) {
        expect(nodes.launcher(host).lines.filter(refusedWhenListed)).toEqual([]);
        expect(nodes.launcher(host).events('platform-silent')).toEqual([]);
      }
    });

    always('lose a host and have it back under another address, with all data', async () => {
      await nodes.expectReplication(first('a'), 'before');
      const gone = await nodes.lose('c', nodes.places('a', 'b'));
      const held = async (): Promise<boolean> => (await put(first('a'), 'without c', 'held')).status === 201;
      await until(held, 'two of three hosts are a quorum');
      const address = nodes.hosts.address(23);
      nodes.hosts.move('c', address);
      nodes.hosts.platform.rows.push(`${address}:16127`);
      nodes.hosts.cable('c', 'up');
      const returned = nodes.launch('c', QUICK_POLLS);
      await untilMesh(nodes.everywhere(), 120_000, gone);
      const listed = nodes.hosts.ports.map((port) => `${address}:${port}`);
      expect((await nodes.addressesAt(first('a'), 'c', gone)).sort()).toEqual(listed);
      await nodes.expectKeys(['before', 'without c'], nodes.everywhere());
      const told = returned.events('own-address').map((line) => line.address);
      expect(told).toEqual(Array(3).fill(address));
    });
  });

  describe('that are launched anew', () => {
    beforeEach(async () => {
      nodes = await PlatformCluster.prepare(kind);
    });

    afterEach(() => nodes.remove());

    usual('stay alone while the platform does not answer, and find each other once it does', async () => {
      nodes.hosts.platform.mood = 'error';
      for (const host of HOSTS) nodes.launch(host);
      for (const host of HOSTS) await untilMesh(nodes.places(host));
      await until(
        () => HOSTS.every((host) => nodes.launcher(host).events('platform-silent').length >= 3),
        'all nodes have noticed',
      );
      nodes.hosts.platform.mood = 'well';
      await untilMesh(nodes.everywhere(), 90_000);
      await nodes.expectReplication(first('a'), 'together');
    });

    wired('follow a host that gets another address while its nodes run', async () => {
      await nodes.form();
      const ids = await nodes.idsOf('c');
      nodes.hosts.move('c', '203.0.113.33');
      nodes.hosts.platform.rows[2] = '203.0.113.33:16127';
      const listed = nodes.hosts.ports.map((port) => `203.0.113.33:${port}`).join();
      const isFollowed = async (): Promise<boolean> =>
        (await nodes.addressesAt(first('a'), 'c')).sort().join() === listed;
      await until(isFollowed, 'host a knows the new address', 120_000);
      const after = await untilMesh(nodes.everywhere(), 60_000);
      expect(after.slice(6)).toEqual(ids);
      await nodes.expectReplication(first('c'), 'from the new address');
    });
  });
});
