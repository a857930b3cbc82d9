// Hosts that are addresses of loopback, several in this process, on the same ports.
// On gossip alone: hosts confirm copies there.
import { createServer } from 'node:net';
import { createNode, type RunningNode } from '../../src/create-node';
import { testSettings } from '../support/fakes/fake-node';
import { portRange } from '../support/processes/ports';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';

const isLinux = process.platform === 'linux';
const possible = possibleWith('127.0.0.2', isLinux ? null : 'it takes an alias');

const ADDRESSES = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];

describe('hosts on loopback', () => {
  let nodes: RunningNode[] = [];

  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    nodes = [];
  });

  async function start(basePort: number, index: number, bindAddress: string, peer: string): Promise<void> {
    const place = { basePort, index, maxPorts: 2, nodeCount: 2, bindAddress, hostId: `host ${bindAddress}` };
    nodes.push(await createNode(testSettings({ ...place, peers: [{ address: peer, port: basePort }] })));
  }

  /** Newcomers are on probation: a write is repeated until they are expected as well. */
  async function expectReplication(url: string, copies: string, hosts: string): Promise<void> {
    await until(async () => {
      const { status, headers } = await fetch(`${url}/data/k?w=all`, { method: 'PUT', body: 'value' });
      expect(status).toBe(201);
      return headers.get('x-repram-acks') === copies && headers.get('x-repram-ack-hosts') === hosts;
    }, `a write is held by ${copies} nodes on ${hosts} hosts`);
  }

  const addressesAt = (node: RunningNode): string[] => {
    const reached = node.runtime.peers().filter(({ reach }) => reach === 'direct');
    return reached.map(({ address, port }) => `${address}:${port}`).sort();
  };

  possible('listen at their address alone, whoever has their ports on 127.0.0.1', async () => {
    const basePort = await portRange(2);
    const squatter = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => squatter.listen(basePort, '127.0.0.1', resolve));
    squatter.unref();
    for (const index of [1, 2]) await start(basePort, index, '127.0.0.2', '127.0.0.2');
    expect(nodes.map((node) => node.listenPort)).toEqual([basePort, basePort + 1]);
    await until(() => nodes.every((node) => addressesAt(node).length > 0), 'each has found its neighbour');
    expect(addressesAt(nodes[0])).toEqual([`127.0.0.2:${basePort + 1}`]);
    await expectReplication(`http://127.0.0.2:${basePort}`, '2/2', '1/1');
    await expect(fetch(`http://127.0.0.1:${basePort + 1}/health`)).rejects.toThrow();
    squatter.close();
  });

  possible('have the same ports and become one network when each names one of them', async () => {
    const basePort = await portRange(2);
    for (const address of ADDRESSES) {
      for (const index of [1, 2]) await start(basePort, index, address, '127.0.0.2');
    }
    const all = ADDRESSES.flatMap((address) => [basePort, basePort + 1].map((port) => `${address}:${port}`));
    await until(
      () => {
        for (const [i, node] of nodes.entries()) {
          expect(addressesAt(node)).toEqual(all.filter((_each, position) => position !== i));
        }
        return true;
      },
      'each reaches all others at their addresses',
      30_000,
    );
    await expectReplication(`http://127.0.0.4:${basePort}`, '6/6', '3/3');
  });

  possible('leave a network of ordinary nodes on the same machine alone', async () => {
    const basePort = await portRange(2);
    await start(basePort, 1, '127.0.0.1', '127.0.0.1');
    await start(basePort, 1, '127.0.0.2', '127.0.0.2');
    await start(basePort, 2, '127.0.0.1', '127.0.0.1');
    await start(basePort, 2, '127.0.0.2', '127.0.0.2');
    const at = (address: string, offset: number): string[] => [`${address}:${basePort + offset}`];
    await until(() => nodes.every((node) => addressesAt(node).length > 0), 'each has found its neighbour');
    expect(nodes.map(addressesAt)).toEqual([
      at('127.0.0.1', 1),
      at('127.0.0.2', 1),
      at('127.0.0.1', 0),
      at('127.0.0.2', 0),
    ]);
  });
});
