// The membership is complete and accurate: who stands still or is gone is found out, and in the end
// every live node lists exactly the other live ones as alive, once each, and nobody that its port's
// new holder replaced, or that never was.
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

/**
 * Of a node that stands still or is gone everybody knows after this, however ill he was himself.
 */
const DETECTED_WITHIN_MS = 20_000;

export class Membership implements Checker {
  readonly name = 'membership';

  sampled(world: World): string[] {
    const sinceMs = world.queue.nowMs - DETECTED_WITHIN_MS;
    const silent = world.nodes.filter(
      ({ silentSinceMs }) => silentSinceMs !== null && silentSinceMs < sinceMs,
    );
    if (silent.length === 0) return [];
    const watching = world.live().filter((n) => n.state === 'running' && n.runningSinceMs < sinceMs);
    return watching.flatMap((node) => stillAlive(node, silent));
  }

  unrest(world: World): string[] {
    return world.live().flatMap((node) => problemsOf(node, world));
  }
}

function stillAlive(node: SimNode, silent: readonly SimNode[]): string[] {
  const members = node.core.members(node.now());
  return silent
    .filter(({ id }) => members.some((member) => member.id === id && member.state === 'alive'))
    .map((other) => `${node.identity.name} still lists ${other.identity.name} as alive`);
}

function problemsOf(node: SimNode, world: World): string[] {
  const { name } = node.identity;
  const members = node.core.members(node.now());
  const problems: string[] = [];
  for (const other of world.live()) {
    const state = members.find((member) => member.id === other.id)?.state;
    if (other !== node && state !== 'alive')
      problems.push(`${name} lists ${other.identity.name} as ${state ?? 'nothing'}`);
  }
  for (const member of members) {
    const of = world.nodes.find((other) => other.id === member.id);
    if (of === undefined) problems.push(`${name} lists ${member.id}, which never was`);
    else if (of === node) problems.push(`${name} lists itself`);
    else if (of.state === 'gone' && !isFairlyRemembered(of, member.state, world))
      problems.push(`${name} lists ${of.identity.name} as ${member.state}`);
  }
  if (new Set(members.map((member) => member.id)).size < members.length)
    problems.push(`${name} lists one twice`);
  return problems;
}

/** A dead or departed node may be remembered until another answers at its port. */
function isFairlyRemembered(gone: SimNode, state: string, world: World): boolean {
  const isReplaced = world
    .live()
    .some((node) => node.host === gone.host && node.identity.listenPort === gone.identity.listenPort);
  return (state === 'dead' || state === 'left') && !isReplaced;
}
