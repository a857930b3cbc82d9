// Who answers where nodes are looked for.
import type { Answer } from '../network/ask';
import type { Surveyed } from '../network/survey';
import { placeText } from '../output/text';
import { called, findings, listed, type Finding, type Scene } from './finding';

const { ok, warning, problem } = findings('ports');

export function checkPorts({ context, places, nodes }: Scene): Finding[] {
  const { isNamed, told } = context.nodes;
  const others = places
    .filter(({ status }) => status === null)
    .flatMap((place) => wrong(place, isNamed) ?? []);
  if (nodes.length > 0)
    return [ok(`${listed(nodes.map(called))} ${nodes.length === 1 ? 'answers' : 'answer'}.`), ...others];
  if (others.length > 0) return others;
  return [
    problem(`No node answers at ${told}.`, 'Start some with repram start, or name others with --node.'),
  ];
}

/** Null where nothing is expected, and nothing is. */
function wrong({ url, answer }: Surveyed, isNamed: boolean): Finding | null {
  const place = placeText(url);
  switch (answer.kind) {
    case 'refused':
      return isNamed ? problem(`Nothing listens at ${place}.`, REFUSED) : null;
    case 'silent':
      return problem(`${place} does not answer.`, SILENT);
    case 'unknown-name':
      return problem(`The name in ${place} has no address here.`, 'Look at the spelling and at the DNS.');
    case 'foreign':
      return foreign(`Another program listens at ${place} and speaks no HTTP (${answer.code}).`, isNamed);
    case 'answer':
      return notANode(place, answer, isNamed);
  }
}

const REFUSED =
  'Start a node there; compare BASE_PORT with the port; behind a gateway use the port of the host.';
const SILENT =
  'Open the port in the firewall; where the process hangs, its launcher replaces it in half a minute.';

function notANode(place: string, answer: Extract<Answer, { kind: 'answer' }>, isNamed: boolean): Finding {
  const { status, headers } = answer;
  if (typeof headers['x-repram-node'] !== 'string')
    return foreign(`Another program answers at ${place} (HTTP ${status}).`, isNamed);
  const advice = 'Ask again in a moment; while it lasts, look at the log of the node.';
  return problem(`The node at ${place} refuses to tell its status (HTTP ${status}).`, advice);
}

/** Nodes pass it by, so it does harm only where they run out of ports. */
function foreign(sentence: string, isNamed: boolean): Finding {
  const advice = 'Nodes take the next port; raise MAX_PORTS if there are too few, or move BASE_PORT.';
  return isNamed ? problem(sentence, 'Name a port where a node listens.') : warning(sentence, advice);
}
