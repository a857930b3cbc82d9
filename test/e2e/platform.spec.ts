// A whole node on the platform: what it is told ends up where it belongs.
// On gossip alone: where nodes look for each other.
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { MockPlatform } from '../support/platform/mock-platform';
import { type Network, startNetwork } from '../support/processes/network';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

describe('a node on the platform', () => {
  let platform: MockPlatform;
  let url: string;
  let node: FakeNode | null = null;
  const networks: Network[] = [];

  async function form(...given: Parameters<typeof startNetwork>): Promise<Network> {
    const network = await startNetwork(...given);
    networks.push(network);
    return network;
  }

  beforeEach(async () => {
    platform = new MockPlatform();
    url = await platform.listen();
  });

  afterEach(async () => {
    await Promise.all(networks.splice(0).map((network) => network.stop()));
    await node?.close();
    node = null;
    await platform.close();
  });

  const settings = () => ({ appName: 'app', fluxApiUrls: [url], hostInfoUrl: `${url}/hostinfo/a` });

  it('submits what the platform lists, and what it specifies', async () => {
    platform.rows = ['203.0.113.1:16127'];
    platform.instances = 3;
    platform.components = [{ name: 'a', ports: [38081], containerPorts: [10_000] }];
    platform.hosts.set('a', '203.0.113.7');
    node = await startFakeNode(settings());
    const { discovery, lines } = node;
    const listed = {
      kind: 'candidates',
      source: 'flux',
      endpoints: [{ address: '203.0.113.1', port: 38081 }],
    };
    await until(
      () => discovery.submitted.some((input) => JSON.stringify(input) === JSON.stringify(listed)),
      'the candidate is submitted',
    );
    expect(discovery.submitted).toContainEqual({ kind: 'expected-hosts', hosts: 3 });
    await until(() => discovery.advertised.at(-1)?.addresses.includes('203.0.113.7'), 'the own address');
    const told = lines.filter(({ fields }) => 'source' in fields && fields.source === 'flux');
    expect(told.map(({ event }) => event)).toContain('candidates-found');
  });

  it('starts and forms while the platform is mute', async () => {
    platform.mood = 'silent';
    await form(2, settings());
    expect(platform.asked.length).toBeGreaterThan(0);
  });

  it('asks nobody without the name of an application', async () => {
    await form(2, { ...settings(), appName: null });
    expect(platform.asked).toEqual([]);
  });

  it('greets with the port of the host and the address that the platform gave', async () => {
    platform.instances = 1;
    platform.hosts.set('a', '203.0.113.7');
    const network = await form(1, settings());
    const port = Number(network.nodes[0].listenPort);
    platform.components = [{ name: 'a', ports: [38_081], containerPorts: [port] }];
    const { runtime } = network.nodes[0];
    await until(
      () => runtime.identity().advertisedPort === 38_081,
      'the port of the host is advertised',
      30_000,
    );
    expect(runtime.identity()).toMatchObject({ listenPort: port, addresses: ['203.0.113.7'] });
  });

  it('advertises the ports that the operator gave from its first greeting on', async () => {
    const basePort = await portRange(1);
    const advertisePorts = [{ containerPort: basePort, hostPort: 38_081 }];
    const network = await form(1, { basePort, hostAddress: '203.0.113.7', advertisePorts });
    const identity = network.nodes[0].runtime.identity();
    expect(identity).toMatchObject({ advertisedPort: 38_081, addresses: ['203.0.113.7'] });
  });
});
