// Network namespaces of a test run (ip-netns(8)): hosts of their own on one machine. Needs the
// rights of root.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const NAMESPACES = '/run/netns';

/** The namespace of this test run that stands for `host`: a few small letters. */
export function namespaceOf(host: string): string {
  return `repram-${process.pid}-${host}`;
}

/** What starts a program there. */
export function within(host: string): string[] {
  return ['ip', 'netns', 'exec', namespaceOf(host)];
}

/** What the command complained about, null when it succeeded. */
export function complaint(...args: string[]): string | null {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  return status === 0 ? null : `ip ${args.join(' ')}: ${error?.message ?? stderr.trim()}`;
}

export function mustRun(...args: string[]): void {
  const problem = complaint(...args);
  if (problem !== null) throw new Error(problem);
}

/** Namespaces of test runs that were killed, and of this one. */
export function removeNamespaces(): void {
  for (const name of existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : []) {
    const owner = /^repram-(\d+)-[a-z]+$/.exec(name)?.[1];
    if (owner === undefined) continue;
    if (Number(owner) === process.pid || !existsSync(`/proc/${owner}`)) complaint('netns', 'delete', name);
  }
}
