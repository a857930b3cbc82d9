// Honest nodes that all send large values at the same time, where there is hardly room for any:
// what finds none at first comes again by repair, and nobody is closed on for it.
// On gossip alone: repair is between nodes.
import { startNetwork } from '../support/processes/network';
import { until } from '../support/basics/until';

const MIB = 1024 * 1024;
const NODES = 6;
const VALUES_OF_EACH = 3;

it(`reach all of ${NODES} nodes when each writes ${VALUES_OF_EACH} of them at once`, async () => {
  const held = { queueBytesMax: 4 * MIB, assemblyBytesMax: 8 * MIB, valueBytesMax: 4 * MIB };
  const { nodes, stop } = await startNetwork(NODES, { ...held, storageBytesMax: 128 * MIB });
  try {
    const keys = nodes.flatMap((_, of) =>
      Array.from({ length: VALUES_OF_EACH }, (__, at) => Buffer.from(`${of}-${at}`)),
    );
    // A node whose every queue is half full says "busy" first.
    const put = async (key: Buffer, at: number): Promise<boolean> => {
      const { runtime } = nodes[Math.floor(at / VALUES_OF_EACH)];
      return (await runtime.put(key, Buffer.alloc(4 * MIB, at + 1), 3_600_000, 'one')).kind === 'held';
    };
    await Promise.all(keys.map((key, at) => until(() => put(key, at), `${String(key)} is written`)));
    const isComplete = ({ runtime }: (typeof nodes)[number]): boolean =>
      keys.every((key, at) => runtime.peek(key)?.value[4 * MIB - 1] === at + 1);
    await until(() => nodes.every(isComplete), 'every node holds every value', 60_000);
    for (const { runtime } of nodes) {
      expect(runtime.links.counters()).toMatchObject({ links: NODES - 1, invalidFrames: 0 });
      await until(() => runtime.report().replication.assemblingBytes === 0, 'nothing is there in part');
    }
  } finally {
    await stop();
  }
});
