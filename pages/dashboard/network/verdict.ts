// How the network fares, in one sentence, and what there is to know besides. The worst comes first.
import { listed, several } from '../view/format';
import { hostsOf } from './hosts';
import { isLive, nameAmong } from './node-seen';
import type { NodeSeen } from './node-seen';
import type { Difference } from './opinions';

export type Level = 'well' | 'notice' | 'trouble';

export interface Remark {
  readonly level: Level;
  readonly text: string;
}

export interface Verdict {
  readonly level: Level;
  readonly headline: string;
  readonly remarks: readonly Remark[];
}

export function judge(nodes: readonly NodeSeen[], differences: readonly Difference[]): Verdict {
  const remarks = [
    ...cutOff(nodes),
    ...quorum(nodes),
    ...stateRemarks(nodes),
    ...differing(differences),
    ...strained(nodes),
    ...waiting(nodes),
  ];
  const level = remarks.reduce<Level>((worst, each) => worse(worst, each.level), 'well');
  return { level, headline: headline(nodes, level), remarks };
}

function headline(nodes: readonly NodeSeen[], level: Level): string {
  const live = nodes.filter(isLive);
  if (nodes.length === 1) return 'One node, alone';
  if (live.length < nodes.length) return `${live.length} of ${several(nodes.length, 'node')} answer`;
  const hosts = hostsOf(nodes).length;
  const where = hosts === 1 ? 'on one host' : `on ${hosts} hosts`;
  return level === 'well'
    ? `${several(nodes.length, 'node')} ${where}, all well`
    : `${nodes.length} nodes ${where}`;
}

/** Nodes that all went silent together: their host is down, or the network between is cut. */
function cutOff(nodes: readonly NodeSeen[]): Remark[] {
  const silent = hostsOf(nodes).filter(({ isSilent }) => isSilent);
  if (silent.length === 0) return [];
  const names = listed(silent.map(({ label }) => label));
  const text =
    silent.length === 1
      ? `No node on ${names} answers: the host is down, or the network to it is cut. Both sides go on.`
      : `No node on ${names} answers: the hosts are down, or the network to them is cut. Both sides go on.`;
  return [{ level: 'trouble', text }];
}

function quorum(nodes: readonly NodeSeen[]): Remark[] {
  const self = nodes.find((node) => node.self !== null)?.self;
  if (self === null || self === undefined) return [];
  const live = nodes.filter(isLive);
  const there = self.quorumCounts === 'hosts' ? new Set(live.map(({ host }) => host)).size : live.length;
  if (there >= self.quorum) return [];
  const needed = several(self.quorum, self.quorumCounts === 'hosts' ? 'host' : 'node');
  const level = nodes.length === 1 ? 'notice' : 'trouble';
  return [{ level, text: `Writes are answered 202: the quorum is ${needed}, and ${there} can answer.` }];
}

function stateRemarks(nodes: readonly NodeSeen[]): Remark[] {
  const inState = (...states: string[]): string[] =>
    nodes.filter(({ health }) => states.includes(health)).map((node) => nameAmong(node, nodes));
  return [
    ...remark('trouble', inState('dead'), 'is dead', 'are dead'),
    ...remark('notice', inState('suspect'), 'does not answer just now', 'do not answer just now'),
    ...remark('notice', inState('left'), 'has left', 'have left'),
    ...remark('notice', inState('draining'), 'is about to stop', 'are about to stop'),
    ...remark('notice', inState('syncing'), 'fills up from its peers', 'fill up from their peers'),
  ];
}

function strained(nodes: readonly NodeSeen[]): Remark[] {
  const live = nodes.filter(isLive);
  const named = (has: (node: NodeSeen) => boolean): string[] =>
    live.filter(has).map((node) => nameAmong(node, nodes));
  return [
    ...remark('trouble', named(isFull), 'has no room', 'have no room'),
    ...remark(
      'notice',
      named(({ peer }) => peer?.isLagging === true),
      'lags',
      'lag',
    ),
    ...remark(
      'notice',
      named(({ peer }) => peer?.isIndirect === true),
      'is reached through others',
      'are reached through others',
    ),
  ];
}

function waiting(nodes: readonly NodeSeen[]): Remark[] {
  const [only] = nodes;
  if (nodes.length !== 1 || only?.self === undefined || only.self === null) return [];
  const expected = only.self.expectedNodes;
  const text =
    expected > 1
      ? `It expects ${expected} nodes and keeps looking for the others.`
      : 'It keeps looking for others.';
  return [{ level: 'notice', text: `${text} Until then nothing else holds its values.` }];
}

function differing(differences: readonly Difference[]): Remark[] {
  const witnesses = [...new Set(differences.map(({ witness }) => witness))];
  return witnesses.map((witness) => {
    const subjects = differences
      .filter((each) => each.witness === witness)
      .map(({ subject, theirs }) =>
        theirs === 'unknown' ? `does not know ${subject}` : `takes ${subject} for ${theirs}`,
      );
    return { level: 'trouble', text: `Views differ: ${witness} ${listed(subjects)}.` };
  });
}

/**
 * The node that tells does not say so of itself: above 95 % of the limit there is no room for new
 * keys.
 */
export function isFull({ peer, digest }: NodeSeen): boolean {
  if (peer !== null) return peer.isFull;
  return digest !== null && digest.limitBytes > 0 && digest.usedBytes >= 0.95 * digest.limitBytes;
}

function remark(level: Level, names: readonly string[], one: string, many: string): Remark[] {
  if (names.length === 0) return [];
  return [{ level, text: `${listed(names)} ${names.length === 1 ? one : many}.` }];
}

function worse(one: Level, other: Level): Level {
  if (one === 'trouble' || other === 'trouble') return 'trouble';
  return one === 'notice' || other === 'notice' ? 'notice' : 'well';
}
