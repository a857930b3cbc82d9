// How many copies make a write safe. Majorities of what the cluster is meant to have, never of what
// happens to be visible: a view that shrank in a partition must not make a write look safer than it
// is.

export interface Quorum {
  readonly needed: number;
  readonly counts: 'nodes' | 'hosts';
}

/**
 * floor(min(replicationFactor, expected) / 2) + 1 nodes, or that many distinct hosts as soon as
 * more than one host is expected: nodes of one host share its fate.
 */
export function quorumOf(replicationFactor: number, expectedNodes: number, expectedHosts: number): Quorum {
  const majority = (expected: number): number => Math.floor(Math.min(replicationFactor, expected) / 2) + 1;
  return expectedHosts > 1
    ? { needed: majority(expectedHosts), counts: 'hosts' }
    : { needed: majority(expectedNodes), counts: 'nodes' };
}
