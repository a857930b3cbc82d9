// A host that comes back under an address that the platform's list does not name yet, while the
// others would not ask for the list again within the hour: the newcomer's own greetings bring the
// question forward.
import { join } from 'node:path';
import { untilMesh, viewOf } from '../support/http/calls';
import { hostCases } from '../support/hosts/host-kinds';
import { NamespacePlatform } from '../support/platform/namespace-platform';
import { PlatformCluster } from '../support/platform/platform-cluster';
import { until } from '../support/basics/until';

const CASES = hostCases(NamespacePlatform.problem());

const SLOW_POLLS = { NODE_OPTIONS: `--require ${join(__dirname, '../support/platform/slow-polls.cjs')}` };
const NEW_ADDRESS = '203.0.113.23';

/** On loopback nobody is refused for an address. */
describe.each(CASES)(
  'a host with an address of which the others have not heard ($kind)',
  ({ kind, wired }) => {
    let nodes: PlatformCluster;

    beforeEach(async () => {
      nodes = await PlatformCluster.prepare(kind);
    });

    afterEach(() => nodes.remove());

    const lists = (): number =>
      nodes.hosts.platform.asked.filter((path) => path.startsWith('/apps/location/')).length;

    const refusals = (): number =>
      (['a', 'b'] as const).flatMap((host) => {
        return nodes.launcher(host).events('peer-refused', { address: NEW_ADDRESS, reason: 'policy' });
      }).length;

    wired('is refused until the list names it, and soon after that is a part of the network', async () => {
      await nodes.form(SLOW_POLLS);
      await nodes.expectReplication(nodes.places('a')[0], 'before');
      await nodes.stop('c');
      const asked = lists();
      nodes.hosts.move('c', NEW_ADDRESS);
      nodes.launch('c', SLOW_POLLS);
      const newcomers = nodes.places('c');
      await untilMesh(newcomers);
      await until(() => refusals() === 6, 'each of the others has refused it', 30_000);
      await until(() => lists() >= asked + 3 + 6, 'each of the others has asked before its turn', 30_000);
      for (const place of newcomers) expect((await viewOf(place)).peers).toHaveLength(2);
      await nodes.stop('c');
      nodes.hosts.platform.rows.push(`${NEW_ADDRESS}:16127`);
      nodes.launch('c', SLOW_POLLS);
      await untilMesh(nodes.everywhere(), 90_000);
      const listed = nodes.hosts.ports.map((port) => `${NEW_ADDRESS}:${port}`);
      expect((await nodes.addressesAt(nodes.places('a')[0], 'c')).sort()).toEqual(listed);
      await nodes.expectKeys(['before'], newcomers);
    });
  },
);
