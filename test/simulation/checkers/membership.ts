// The membership comes out complete and accurate: every live node lists exactly the other live ones as alive, once
// each, and nobody that its port's new holder replaced, or that never was.
import type { SimNode } from '../sim-node';
import type { World } from '../world';
import type { Checker } from './checker';

export class Membership implements Checker {
  readonly name = 'membership';

  unrest(world: World): string[] {
    return world.live().flatMap((node) => problemsOf(node, world));
  }
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
