// Whether another node sees the network as this one does. Nodes learn of a change within moments of
// each other, so a difference counts once the same witness has told it twice.
import type { Look, MemberState } from '../facts/facts';
import { isLive, placeOf } from './node-seen';
import type { Health, NodeSeen } from './node-seen';

export interface Difference {
  /** Names, for people. */
  readonly witness: string;
  readonly subject: string;
  readonly place: string;
  /** `unknown`: the witness has never heard of it, or has forgotten it. */
  readonly theirs: MemberState | 'unknown';
  readonly ours: Health;
}

export class Opinions {
  private readonly pending = new Map<string, string>();
  private readonly confirmed = new Map<string, readonly Difference[]>();

  /** All that is confirmed, of witnesses that are live. */
  differences(nodes: readonly NodeSeen[]): readonly Difference[] {
    const live = new Set(nodes.filter(isLive).map(({ place }) => place));
    return [...this.confirmed].flatMap(([witness, found]) => (live.has(witness) ? found : []));
  }

  /** Takes in what a witness told. @returns whether it must be asked again to be sure */
  hear(look: Look, nodes: readonly NodeSeen[]): boolean {
    const witness = placeOf(look.self);
    const found = differences(look, nodes);
    const told = found.map(({ place, theirs }) => `${place} ${theirs}`).join();
    const isSure = this.pending.get(witness) === told;
    this.pending.set(witness, told);
    if (isSure || found.length === 0) this.confirmed.set(witness, found);
    return !isSure && found.length > 0;
  }

  /** Another node tells now, so all comparisons begin anew. */
  clear(): void {
    this.pending.clear();
    this.confirmed.clear();
  }
}

/**
 * Live or not is what matters; a member that one side has forgotten after its death is no
 * difference.
 */
function differences({ self, peers }: Look, nodes: readonly NodeSeen[]): Difference[] {
  const theirs = new Map<string, MemberState>(peers.map((peer) => [placeOf(peer), peer.state]));
  return nodes
    .filter(({ place }) => place !== placeOf(self))
    .map((node) => ({
      witness: self.name,
      subject: node.name,
      place: node.place,
      theirs: theirs.get(node.place) ?? ('unknown' as const),
      ours: node.health,
    }))
    .filter((each) => isLive({ health: each.ours }) !== (each.theirs === 'alive'))
    .filter(({ ours, theirs }) => ours !== 'suspect' && ours !== 'draining' && theirs !== 'suspect');
}
