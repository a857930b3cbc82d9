// A link needs the same secret at both ends, or none at both. Nodes never tell a secret, only
// whether they have one, and how often a proof failed.
import { ask } from '../network/ask';
import type { SurveyedNode } from '../network/survey';
import { called, findings, listed, type Finding, type Scene } from './finding';

const { ok, warning, problem } = findings('secret');

type Reason = 'proof' | 'policy' | 'forwarded' | 'origin';

export async function checkSecret({ context, nodes }: Scene): Promise<Finding[]> {
  if (nodes.length === 0) return [];
  const [having, lacking] = [nodes.filter(hasSecret), nodes.filter((node) => !hasSecret(node))];
  if (having.length > 0 && lacking.length > 0) return [mixed(having, lacking)];
  const told = await Promise.all(
    nodes.map(async (node) => ({ node, counts: await refusals(node, context) })),
  );
  const failed = told.filter(({ counts }) => counts.proof > 0).map(({ node }) => node);
  const found = [...(failed.length > 0 ? [differing(failed)] : []), ...told.flatMap(strangers)];
  if (found.length > 0) return found;
  return [ok(having.length > 0 ? 'All have a secret, and no proof of it failed.' : NONE)];
}

const NONE = 'None has a secret: private addresses and named peers may join.';

function hasSecret({ status: { config } }: SurveyedNode): boolean {
  return config.cluster_secret === 'set';
}

function mixed(having: readonly SurveyedNode[], lacking: readonly SurveyedNode[]): Finding {
  const verb = (nodes: readonly unknown[]): string => (nodes.length === 1 ? 'has' : 'have');
  return problem(
    `${listed(having.map(called))} ${verb(having)} a secret, ${listed(lacking.map(called))} ${verb(lacking)} none. They refuse each other.`,
    'Set the same REPRAM_CLUSTER_SECRET (or its file) on all nodes, and start those anew that lacked it.',
  );
}

function differing(nodes: readonly SurveyedNode[]): Finding {
  return problem(
    `Proofs of the secret failed at ${listed(nodes.map(called))}: somebody who calls there has another secret.`,
    'Compare REPRAM_CLUSTER_SECRET on all nodes; the log line peer-refused names the address.',
  );
}

function strangers({
  node,
  counts,
}: {
  node: SurveyedNode;
  counts: Readonly<Record<Reason, number>>;
}): Finding[] {
  const advice = 'If that is a node of yours, set the same REPRAM_CLUSTER_SECRET on both.';
  const policy = `${called(node)} refused callers from public addresses, as it has no secret.`;
  const forwarded = `${called(node)} refused callers that came through a proxy, as it has no secret.`;
  return [
    ...(counts.policy > 0 ? [warning(policy, advice)] : []),
    ...(counts.forwarded > 0 ? [warning(forwarded, advice)] : []),
  ];
}

/** repram_refused_links_total of /metrics, by reason; zeros where it is not told. */
async function refusals({ url }: SurveyedNode, context: Scene['context']): Promise<Record<Reason, number>> {
  const answer = await ask(`${url}/metrics`, context);
  const text = answer.kind === 'answer' ? answer.text : '';
  const count = (reason: Reason): number => {
    const match = new RegExp(`^repram_refused_links_total\\{reason="${reason}"\\} (\\d+)`, 'm').exec(text);
    return Number(match?.[1] ?? 0);
  };
  return {
    proof: count('proof'),
    policy: count('policy'),
    forwarded: count('forwarded'),
    origin: count('origin'),
  };
}
