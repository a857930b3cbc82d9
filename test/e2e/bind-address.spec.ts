// Nodes bound to an address of their own still meet on loopback, and are reached at both.
// On gossip alone: addresses are where nodes meet.
import { createServer } from 'node:net';
import { createNode } from '../../src/create-node';
import { testSettings } from '../support/fakes/fake-node';
import { startNetwork } from '../support/processes/network';
import { portRange } from '../support/processes/ports';

it('nodes bound to an address of their own form a network and answer there and on 127.0.0.1', async () => {
  const { nodes, stop } = await startNetwork(3, { bindAddress: '::1' });
  const [first, second] = nodes.map((node) => String(node.listenPort));
  const written = await fetch(`http://[::1]:${first}/data/k?w=all`, { method: 'PUT', body: 'value' });
  expect([written.status, written.headers.get('x-repram-acks')]).toEqual([201, '3/3']);
  expect(await (await fetch(`http://127.0.0.1:${second}/data/k`)).text()).toBe('value');
  await stop();
  await expect(fetch(`http://127.0.0.1:${second}/health`)).rejects.toThrow();
  await expect(fetch(`http://[::1]:${second}/health`)).rejects.toThrow();
});

it('a port that somebody holds on loopback is not claimed at the other address either', async () => {
  const basePort = await portRange(2);
  const squatter = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => squatter.listen(basePort, '127.0.0.1', resolve));
  const node = await createNode(testSettings({ basePort, maxPorts: 2, bindAddress: '::1', nodeCount: 1 }));
  expect(node.listenPort).toBe(basePort + 1);
  await expect(fetch(`http://[::1]:${String(basePort)}/health`)).rejects.toThrow();
  await node.stop();
  squatter.close();
});

it('nodes bound to localhost are found on 127.0.0.1, whichever address that name means first', async () => {
  const { nodes, stop } = await startNetwork(2, { bindAddress: 'localhost' });
  for (const node of nodes) {
    expect((await fetch(`http://127.0.0.1:${String(node.listenPort)}/health`)).status).toBe(200);
  }
  await stop();
});

it.each([
  ['192.0.2.7', 'is no address of this machine'],
  ['fe80::1', 'takes the zone of an interface'],
  ['nowhere.invalid', 'resolves to no address'],
])('a node that cannot listen at %s says why, and stays to try again', async (bindAddress, reason) => {
  const details: string[] = [];
  const node = await createNode(testSettings({ basePort: await portRange(3), bindAddress }), {
    onUnclaimed: (detail) => details.push(detail),
  });
  expect(node.listenPort).toBeNull();
  expect(details).toEqual([expect.stringContaining(reason)]);
  await node.stop();
});
