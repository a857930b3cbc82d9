// Real nodes in this process, with real ports and links, formed to one network.
import type { NodeSettings } from '../../../src/config/settings';
import { createNode, type RunningNode } from '../../../src/create-node';
import { TEST_CLUSTER, testSettings } from '../fakes/fake-node';
import { STORE_URL } from '../redis/gossip-only';
import { portRange } from './ports';
import { until } from '../basics/until';

export interface Network {
  readonly nodes: readonly RunningNode[];
  /** http://127.0.0.1:port of each. */
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

let networks = 0;

/** Networks that share a server have names of their own there. */
function ownNames(): Partial<NodeSettings> {
  networks += 1;
  return STORE_URL === '' ? {} : { cluster: `${TEST_CLUSTER}-${networks}` };
}

/** Resolves when each of `count` nodes knows the others and is ready. */
export async function startNetwork(count: number, changes: Partial<NodeSettings> = {}): Promise<Network> {
  const basePort = await portRange(count);
  const settings = { basePort, maxPorts: count, nodeCount: count, ...ownNames(), ...changes };
  const indexes = Array.from({ length: count }, (_, i) => i + 1);
  const nodes = await Promise.all(indexes.map((index) => createNode(testSettings({ ...settings, index }))));
  const formed = (): boolean =>
    nodes.every(
      ({ runtime, engine }) =>
        runtime.state() === 'ready' && engine.state() === 'ready' && runtime.peers().length === count - 1,
    );
  await until(formed, `${count} nodes form`, 30_000);
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  return { nodes, urls: nodes.map((node) => `http://127.0.0.1:${String(node.listenPort)}`), stop };
}
