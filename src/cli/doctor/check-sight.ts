// Whether every node that answers sees every other one, and if not, why not.
import { factsOf, listOf, numberOf, textOf } from '../network/facts';
import type { SurveyedNode } from '../network/survey';
import { called, findings, type Finding, type Scene } from './finding';

const { ok, warning, problem, skipped } = findings('sight');

export function checkSight({ nodes }: Scene): Finding[] {
  if (nodes.length === 0) return [];
  const pairs = nodes.flatMap((one, index) => nodes.slice(index + 1).map((other) => [one, other] as const));
  const same = pairs.filter(([one, other]) => one.status.cluster === other.status.cluster);
  const found = [
    ...same.flatMap(([one, other]) => blind(one, other) ?? []),
    ...nodes.flatMap(ailing),
    ...nodes.flatMap(alone),
  ];
  if (found.length > 0) return found;
  if (same.length === 0) return [skipped('There are no two nodes of one cluster to compare.')];
  return [ok('Each node sees every other one.')];
}

function sees(one: SurveyedNode, other: SurveyedNode): boolean {
  return one.peers.some(({ id, state }) => id === other.status.id && state === 'alive');
}

function blind(one: SurveyedNode, other: SurveyedNode): Finding | null {
  const [there, back] = [sees(one, other), sees(other, one)];
  if (there && back) return null;
  if (there !== back) {
    const [seeing, blinded] = there ? [one, other] : [other, one];
    return problem(
      `${called(seeing)} sees ${called(blinded)}, and not the other way round.`,
      'Wait some seconds; if it stays so, one direction is blocked between them: look at firewalls.',
    );
  }
  const [why, advice] = reasonOf(one, other);
  return problem(`${called(one)} and ${called(other)} do not see each other: ${why}.`, advice);
}

/** The first that applies, the surest first. */
function reasonOf(one: SurveyedNode, other: SurveyedNode): readonly [why: string, advice: string] {
  if (one.status.config.cluster_secret !== other.status.config.cluster_secret)
    return ['only one of them has a secret', 'Set the same REPRAM_CLUSTER_SECRET on both.'];
  if (!areNear(one, other)) return apart(one, other);
  if (!covers(one, other) && !covers(other, one)) return outOfRange(one, other);
  if (isYoung(one) || isYoung(other)) return ['one of them has just started', 'Ask again in some seconds.'];
  return ['nothing tells why', LOOK];
}

const LOOK = 'Look for peer-refused, refused-by-peer and candidate-ignored in their logs.';
const YOUNG_SECONDS = 10;

function isYoung({ status }: SurveyedNode): boolean {
  return status.uptimeSeconds < YOUNG_SECONDS;
}

/** Nodes that share a loopback interface look for each other there. */
function areNear(one: SurveyedNode, other: SurveyedNode): boolean {
  return textOf(one.status.config.host_id) === textOf(other.status.config.host_id);
}

/** Whether `one` looks at the port of `other` by itself. */
function covers({ status: { config } }: SurveyedNode, other: SurveyedNode): boolean {
  const first = numberOf(config.base_port);
  return other.status.port >= first && other.status.port < first + numberOf(config.max_ports);
}

function rangeOf({ status: { config } }: SurveyedNode): string {
  const first = numberOf(config.base_port);
  return `${first}-${first + numberOf(config.max_ports) - 1}`;
}

function outOfRange(one: SurveyedNode, other: SurveyedNode): readonly [string, string] {
  const why = `they look for nodes on ports ${rangeOf(one)} and ${rangeOf(other)}, and neither range holds the port of the other`;
  return [why, 'Give both the same BASE_PORT and MAX_PORTS, or name one in REPRAM_PEERS of the other.'];
}

function apart(one: SurveyedNode, other: SurveyedNode): readonly [string, string] {
  const bound = [one, other].find(({ status: { config } }) =>
    /^(?:127\.0\.0\.1|::1|localhost)$/.test(textOf(config.bind_address)),
  );
  if (bound !== undefined) {
    const why = `${called(bound)} is bound to ${textOf(bound.status.config.bind_address)}, which other hosts cannot reach`;
    return [why, 'Take REPRAM_BIND_ADDRESS away there, or set it to an address that others reach.'];
  }
  const named = [...listOf(one.status.config.peers), ...listOf(other.status.config.peers)];
  if (named.length === 0 && textOf(one.status.config.app_name) === '')
    return ['they are on different hosts, and neither was told of the other', TELL];
  return [
    'they are on different hosts, and no connection between them came about',
    `${LOOK} Look at firewalls.`,
  ];
}

const TELL =
  'Name one in REPRAM_PEERS of the other (host:port), or give them a DISCOVERY_DOMAIN that leads to all.';

/** What a node itself says of peers that do not answer. */
function ailing(node: SurveyedNode): Finding[] {
  return node.peers.flatMap(({ name, address, port, state, reach }) => {
    const peer = `${name} (${address}:${port})`;
    if (state === 'dead' || state === 'suspect') {
      const advice =
        'Look whether its process runs and its port is reachable from there; repram start restarts what crashed.';
      return [problem(`${called(node)} calls ${peer} ${state}: it does not answer there.`, advice)];
    }
    if (state === 'alive' && reach === 'indirect') {
      const advice =
        'Look at the firewall between the two, and at REPRAM_ADDRESS and REPRAM_ADVERTISE_PORTS there.';
      return [warning(`${called(node)} reaches ${peer} only by way of other nodes.`, advice)];
    }
    return [];
  });
}

/** Of one host at least its own nodes are meant to be there. */
function alone(node: SurveyedNode): Finding[] {
  const { config, uptimeSeconds } = node.status;
  const alive = node.peers.filter(({ state }) => state === 'alive').length;
  const expected = numberOf(factsOf(config).node_count);
  if (alive + 1 >= expected || uptimeSeconds < YOUNG_SECONDS) return [];
  const advice =
    'Look whether the others run, and for node-port-unclaimed and node-exited in the log of the launcher.';
  return [problem(`${called(node)} sees ${alive} other nodes where NODE_COUNT is ${expected}.`, advice)];
}
