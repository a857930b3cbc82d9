// What stands for a host in tests of several: a network namespace, whose network can be cut, or an
// address of loopback where namespaces are forbidden. A few cases run on loopback in any case, so
// that it is tested wherever tests run.

export type HostKind = 'namespaces' | 'loopback';

export interface HostCases {
  readonly kind: HostKind;
  /** On hosts of every kind. */
  readonly always: jest.It;
  /** On namespaces, and on loopback where there are none. */
  readonly usual: jest.It;
  /** On namespaces only: the network is cut, or an address changes under a running node. */
  readonly wired: jest.It;
}

const isLinux = process.platform === 'linux';

/**
 * `problem` is why there can be no namespaces, null when there can. Says once for a file what is
 * skipped, and why.
 */
export function hostCases(problem: string | null): readonly HostCases[] {
  process.stdout.write(`Skipped on hosts of loopback: ${skippedOnLoopback(problem)}\n`);
  const onLoopback = isLinux ? it : it.skip;
  if (problem !== null) return [{ kind: 'loopback', always: onLoopback, usual: onLoopback, wired: it.skip }];
  return [
    { kind: 'namespaces', always: it, usual: it, wired: it },
    { kind: 'loopback', always: onLoopback, usual: it.skip, wired: it.skip },
  ];
}

function skippedOnLoopback(problem: string | null): string {
  if (!isLinux) return 'everything; only Linux has 127.0.0.2 and so on without being told to';
  if (problem === null) return 'most cases; they run in network namespaces';
  return `cutting a network and moving a running host; there are no network namespaces here (${problem})`;
}
