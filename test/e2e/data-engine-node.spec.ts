// The gossip runtime is held to the same contract as every other DataEngine: alone, and as one of
// three.
// On gossip alone: it is the contract of that engine.
import { describeDataEngine } from '../support/fakes/data-engine-contract';
import { startNetwork } from '../support/processes/network';

for (const count of [1, 3]) {
  describeDataEngine(`the gossip engine of one of ${count}`, async () => {
    const { nodes, stop } = await startNetwork(count, { ttlMinSeconds: 0.1 });
    return { engine: nodes[count - 1].runtime, close: stop };
  });
}
