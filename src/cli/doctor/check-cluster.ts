// Nodes of another name are left alone, so they never meet.
import { called, findings, listed, type Finding, type Scene } from './finding';

const { ok, problem } = findings('cluster');

export function checkCluster({ nodes, settings }: Scene): Finding[] {
  if (nodes.length === 0) return [];
  const names = [...new Set(nodes.map(({ status }) => status.cluster))];
  if (names.length > 1) {
    const told = names.map((name) => {
      const of = nodes.filter(({ status }) => status.cluster === name);
      return `${listed(of.map(called))} of "${name}"`;
    });
    return [
      problem(
        `There are ${names.length} clusters: ${listed(told)}. Nodes of different clusters leave each other alone.`,
        'Set the same REPRAM_CLUSTER on all nodes that belong together, and start them anew.',
      ),
    ];
  }
  const own = settings.ok ? settings.settings.cluster : names[0];
  if (own !== names[0]) {
    const sentence = `The nodes are of cluster "${names[0]}", and this environment says REPRAM_CLUSTER=${own}.`;
    return [problem(sentence, 'A node that is started here will not join them: set the same name.')];
  }
  return [ok(`All are of the cluster "${names[0]}".`)];
}
