// Nodes on two hosts: naming one of them on one side makes one network, unless a secret says
// otherwise.
import { put, read, untilMesh, viewOf } from '../support/http/calls';
import type { Place } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import type { Environment } from '../support/processes/cluster';
import { hostCases } from '../support/hosts/host-kinds';
import { NamespacePair } from '../support/hosts/namespace-pair';
import type { TestProcess } from '../support/processes/test-process';
import { twoHosts } from '../support/hosts/two-hosts';
import type { HostName, TwoHosts } from '../support/hosts/two-hosts';
import { until } from '../support/basics/until';

const CASES = hostCases(NamespacePair.problem());

describe.each(CASES)('three nodes on each of two hosts ($kind)', ({ kind, always, usual, wired }) => {
  const cluster = new Cluster();
  let hosts: TwoHosts;
  let toB: Environment;

  async function connect(): Promise<void> {
    hosts = twoHosts(kind);
    await hosts.connect(cluster);
    toB = { REPRAM_PEERS: `${hosts.addressOf('b')}:${hosts.ports[0]}` };
  }

  async function remove(): Promise<void> {
    await cluster.cleanUp();
    hosts.remove();
  }

  const places = (host: HostName): Place[] => hosts.ports.map((port) => hosts.place(host, port));
  const everywhere = (): Place[] => [...places('a'), ...places('b')];

  function launch(host: HostName, env: Environment = {}, nodes = 3): TestProcess {
    const own = { REPRAM_NODE_ID: host, REPRAM_BIND_ADDRESS: hosts.bindAddressOf(host), ...env };
    return cluster.startLauncher({ base: hosts.ports[0], nodes, within: hosts.within(host), env: own });
  }

  /**
   * A busy machine may acknowledge late: a write is repeated until all six hold it when it is
   * answered.
   */
  async function expectReplication(): Promise<void> {
    for (const [from, key] of [
      [places('a')[2], 'from a'],
      [places('b')[1], 'from b'],
    ] as const) {
      await until(
        async () => {
          const { status, headers } = await put(from, key, `put ${key}`);
          expect(status).toBe(201);
          return headers['x-repram-acks'] === '6/6' && headers['x-repram-ack-hosts'] === '2/2';
        },
        'a write is acknowledged by all six nodes',
        60_000,
      );
      for (const place of everywhere()) expect(await read(place, key)).toBe(`200 put ${key}`);
    }
  }

  describe('without a secret', () => {
    beforeAll(async () => {
      await connect();
      launch('b');
      await untilMesh(places('b'));
      await put(places('b')[0], 'older', 'than the network');
      launch('a', toB);
      await untilMesh(everywhere());
    });

    afterAll(remove);

    always('form a full mesh of six when one host names one node of the other', async () => {
      for (const [host, other] of [
        ['a', 'b'],
        ['b', 'a'],
      ] as const) {
        const { peers } = await viewOf(places(host)[0]);
        const seen = peers.map((peer) => `${peer.name} ${peer.address}:${peer.port}`);
        const near = [2, 3].map((i) => `${host}-${i} ${hosts.loopbackOf(host)}:${hosts.ports[i - 1]}`);
        const far = [1, 2, 3].map((i) => `${other}-${i} ${hosts.addressOf(other)}:${hosts.ports[i - 1]}`);
        expect(seen.sort()).toEqual([...near, ...far].sort());
      }
      await expectReplication();
      for (const place of everywhere()) expect(await read(place, 'older')).toBe('200 than the network');
    });

    /** Newcomers are on probation: until it is over a quorum is one of the own host. */
    async function untilCounted(): Promise<void> {
      for (const [from, key] of [
        [places('a')[0], 'counted by a'],
        [places('b')[0], 'counted by b'],
      ] as const) {
        const hosts = async (): Promise<unknown> => (await put(from, key, '')).headers['x-repram-ack-hosts'];
        await until(async () => (await hosts()) === '2/2', `the other host counts for ${String(from)}`);
      }
    }

    wired('answer 202 while the network between them is cut, and are equal again afterwards', async () => {
      await untilCounted();
      hosts.cable('down');
      await until(
        async () => {
          const views = await Promise.all(everywhere().map(viewOf));
          return views.every((view) => view.peers.filter((peer) => peer.state === 'dead').length === 3);
        },
        'each host takes the other for dead',
        30_000,
      );
      expect((await put(places('a')[0], 'contested', 'by a')).status).toBe(202);
      expect((await put(places('b')[0], 'contested', 'by b')).status).toBe(202);
      expect(await read(places('a')[2], 'contested')).toBe('200 by a');
      hosts.cable('up');
      await untilMesh(everywhere());
      await until(async () => {
        const texts = await Promise.all(everywhere().map((place) => read(place, 'contested')));
        return texts.every((text) => text === '200 by b');
      }, 'the later write is everywhere');
      await expectReplication();
    });
  });

  describe('with secrets', () => {
    beforeEach(connect);
    afterEach(remove);

    usual('form it as well when both prove the same secret', async () => {
      const secret = { REPRAM_CLUSTER_SECRET: 'correct horse battery staple' };
      const logs = [launch('a', { ...toB, ...secret }), launch('b', secret)];
      await untilMesh(everywhere());
      await expectReplication();
      for (const log of logs) expect(JSON.stringify(log.lines)).not.toContain('battery');
    });

    usual.each([
      ['another secret', { REPRAM_CLUSTER_SECRET: 'of host a' }, { REPRAM_CLUSTER_SECRET: 'of host b' }],
      ['no secret', {}, { REPRAM_CLUSTER_SECRET: 'of host b' }],
      ['a secret that the other lacks', { REPRAM_CLUSTER_SECRET: 'of host a' }, {}],
    ])('stay two networks when one side has %s, and say so once', async (_what, ofA, ofB) => {
      const [a, b] = [launch('a', { ...toB, ...ofA }, 2), launch('b', ofB, 2)];
      const [onA, onB] = [places('a').slice(0, 2), places('b').slice(0, 2)];
      const refusals = (): unknown[] => a.events('refused-by-peer').map((line) => line.node);
      await until(() => new Set(refusals()).size === 2, 'both nodes of host a have been refused', 30_000);
      const since = performance.now();
      await until(() => performance.now() - since > 2000, 'they have met again');
      await Promise.all([untilMesh(onA), untilMesh(onB)]);
      await put(onA[0], 'secret', 'of a');
      expect(await read(onB[0], 'secret')).toMatch(/^404 /);
      expect(refusals().sort()).toEqual(['a-1', 'a-2']);
      expect(a.events('refused-by-peer', { address: toB.REPRAM_PEERS, reason: 'other-secret' })).toHaveLength(
        2,
      );
      const own = b.events('peer-refused');
      expect(own).toMatchObject([{ node: 'b-1', address: hosts.addressOf('a'), reason: 'other-secret' }]);
      expect(JSON.stringify([a.lines, b.lines])).not.toContain('of host');
    });
  });
});
