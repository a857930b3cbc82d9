// Two components of one application on one host of the platform. They reach each other on the
// host's bridge by the platform's names, which the system's resolver finds; their own public
// address leads nowhere.
import { call, portsFrom, put, read, untilMesh, viewOf, type Place } from '../support/http/calls';
import { BridgeHost, PUBLIC_ADDRESS } from '../support/hosts/bridge-host';
import { Cluster } from '../support/processes/cluster';
import { possibleWith } from '../support/basics/possible';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

const possible = possibleWith('network namespaces', BridgeHost.problem());

type Name = 'a' | 'b';
type Ports = Readonly<Record<Name, readonly number[]>>;
/** Each has a range of its own, as the generator writes it for more than five ports. */
const APART: Ports = { a: portsFrom(8081, 2), b: portsFrom(8086, 2) };
/** As somebody may write it by hand, because each container has all ports for itself. */
const ALIKE: Ports = { a: portsFrom(8081, 2), b: portsFrom(8081, 2) };

describe('two components of one application on one host', () => {
  const cluster = new Cluster();
  let host: BridgeHost;
  let ports: Ports = APART;

  async function prepare(wanted: Ports): Promise<void> {
    ports = wanted;
    host = new BridgeHost(['a', 'b']);
    await host.connect(cluster, ports);
    host.platform.components = Object.entries(ports).map(([name, containerPorts], position) => {
      const hostPorts = portsFrom(38_081 + 5 * position, containerPorts.length);
      return { name, ports: hostPorts, containerPorts };
    });
  }

  afterEach(async () => {
    await cluster.cleanUp();
    await host.remove();
  });

  const places = (...names: readonly Name[]): Place[] =>
    names.flatMap((name) => ports[name].map((port) => host.place(name, port)));

  function launch(name: Name): TestProcess {
    const own = { REPRAM_NODE_ID: name, REPRAM_BIND_ADDRESS: '', MAX_PORTS: '2' };
    const all = { ...own, ...host.environment() };
    return cluster.startLauncher({ base: ports[name][0], nodes: 2, within: host.within(name), env: all });
  }

  /** Of the other component's nodes, as the first node of `from` knows them. */
  async function addressesAt(from: Name, of: Name): Promise<string[]> {
    const { peers } = await viewOf(places(from)[0]);
    return peers.filter(({ name }) => name.startsWith(of)).map(({ address }) => address);
  }

  async function expectReplication(from: Place, key: string): Promise<void> {
    await until(async () => {
      const { status, headers } = await put(from, key, `put ${key}`);
      return status === 201 && headers['x-repram-acks'] === '4/4';
    }, 'a write is acknowledged by all four nodes');
    for (const place of places('a', 'b')) expect(await read(place, key)).toBe(`200 put ${key}`);
  }

  possible('form one network by name alone, and are one failure domain', async () => {
    await prepare(APART);
    const launchers = [launch('a'), launch('b')];
    await untilMesh(places('a', 'b'));
    await expectReplication(places('a')[0], 'from a');
    await expectReplication(places('b')[1], 'from b');
    for (const place of places('a', 'b')) {
      const { body } = await call(place, '/peers');
      const { peers } = JSON.parse(body.toString()) as { peers: { host: string; failure_domain: string }[] };
      expect(new Set(peers.map((peer) => peer.host)).size).toBe(2);
      expect(new Set(peers.map((peer) => peer.failure_domain)).size).toBe(1);
      expect((await put(place, 'hosts', 'x')).headers['x-repram-ack-hosts']).toBe('1/1');
    }
    for (const launcher of launchers) expect(launcher.events('peer-refused')).toEqual([]);
  });

  possible(
    'find a component that was deployed anew by its name, while the platform answers nobody',
    async () => {
      await prepare(APART);
      launch('a');
      const before = launch('b');
      await untilMesh(places('a', 'b'));
      await expectReplication(places('b')[0], 'before');
      host.platform.mood = 'error';
      before.signal('SIGTERM');
      expect((await before.exited).code).toBe(0);
      host.move('b', '172.23.0.77');
      // It is told nothing: only the other one can find it.
      launch('b');
      await untilMesh(places('a', 'b'), 110_000);
      expect(await addressesAt('a', 'b')).not.toContain(PUBLIC_ADDRESS);
      await expectReplication(places('a')[1], 'after');
      for (const place of places('b')) expect(await read(place, 'before')).toBe('200 put before');
    },
  );

  possible('find it as well when it crashed with its container', async () => {
    await prepare(APART);
    launch('a');
    const before = launch('b');
    await untilMesh(places('a', 'b'));
    await expectReplication(places('a')[0], 'before');
    before.killAll();
    await before.exited;
    host.move('b', '172.23.0.78');
    launch('b');
    await until(async () => (await addressesAt('b', 'a')).length >= 2, 'it has found the other one', 60_000);
    await expectReplication(places('b')[1], 'after');
    for (const place of places('b')) expect(await read(place, 'before')).toBe('200 put before');
  });

  possible('find each other though their ranges are the same and nothing tells which is which', async () => {
    await prepare(ALIKE);
    launch('a');
    launch('b');
    await untilMesh(places('a', 'b'));
    await expectReplication(places('a')[1], 'from a');
    await expectReplication(places('b')[0], 'from b');
  });
});
