// The gossip runtime is held to the same contract as every other DataEngine: alone, and as one of three.
import { createNode, type RunningNode } from '../../src/create-node';
import { describeDataEngine } from '../support/data-engine-contract';
import { testSettings } from '../support/fake-node';
import { portRange } from '../support/ports';
import { until } from '../support/until';

async function startNodes(count: number): Promise<RunningNode[]> {
  const basePort = await portRange(count);
  const settings = { basePort, maxPorts: count, nodeCount: count, ttlMinSeconds: 0.1 };
  const indexes = Array.from({ length: count }, (_, i) => i + 1);
  const nodes = await Promise.all(indexes.map((index) => createNode(testSettings({ ...settings, index }))));
  const formed = (): boolean =>
    nodes.every(({ runtime }) => runtime.state() === 'ready' && runtime.peers().length === count - 1);
  await until(formed, `${count} nodes form`);
  return nodes;
}

for (const count of [1, 3]) {
  describeDataEngine(`the gossip engine of one of ${count}`, async () => {
    const nodes = await startNodes(count);
    return {
      engine: nodes[count - 1].runtime,
      close: async () => {
        await Promise.all(nodes.map((node) => node.stop()));
      },
    };
  });
}
