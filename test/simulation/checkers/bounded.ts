// Nothing grows without bound: queues per peer and together, bytes handed to a socket that takes
// none, writes under way, members.
import { LIMITS } from '../../../src/core/base/limits';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

/** What may be handed over before the link notices that nothing is taken. */
const UNTAKEN_MAX = 2 * LIMITS.linkUnsentBytesMax + LIMITS.frameBytesMax;

export class Bounded implements Checker {
  readonly name = 'bounded';

  sampled(world: World): string[] {
    const links = [...world.network.links].flatMap(({ pipes }) => pipes);
    return [
      ...world.live().flatMap(problemsOf),
      ...links
        .filter(({ untakenBytes }) => untakenBytes > UNTAKEN_MAX)
        .map(({ untakenBytes }) => `${untakenBytes} bytes were handed to a socket that takes none`),
    ];
  }
}

function problemsOf(node: SimNode): string[] {
  const { replication } = node.core.report();
  const members = node.core.members(node.now());
  const oneValue = node.settings.valueBytesMax + LIMITS.chunkBytes;
  const perPeer = Math.max(LIMITS.linkQueueBytesMax, 2 * oneValue);
  const amounts = [
    ...members.map(({ name, queuedBytes }) => ({ what: `bytes for ${name}`, is: queuedBytes, max: perPeer })),
    {
      what: 'bytes for all',
      is: replication.queuedBytes,
      max: node.settings.queueBytesMax + oneValue,
    },
    { what: 'writes under way', is: replication.pendingWrites, max: LIMITS.pendingWritesMax },
    { what: 'members', is: members.length, max: LIMITS.membersRemembered },
  ];
  return amounts
    .filter(({ is, max }) => is > max)
    .map(({ what, is, max }) => `${node.identity.name} has ${is} ${what}, at most ${max} are allowed`);
}
