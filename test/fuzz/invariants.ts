// What must hold of a node whatever its peers said.
import { types } from 'node:util';
import { LIMITS } from '../../src/core/base/limits';
import type { FuzzNode } from './scene';

/**
 * No list or map of a core is longer, but for the store and the log of writes, which are bounded by
 * bytes: 1 MiB of short answers waits.
 */
const LENGTH_MAX = 12_500;

/** What is wrong with this node right now. */
export function problemsOf({
  core,
  now,
}: FuzzNode | { core: FuzzNode['core']; now: FuzzNode['now'] }): string[] {
  const report = core.report();
  const members = core.members(now());
  const problems = core.audit();
  if (members.length > LIMITS.membersRemembered + LIMITS.members)
    problems.push(`remembers ${members.length} members`);
  for (const { name, queuedBytes } of members)
    if (queuedBytes > LIMITS.linkQueueBytesMax) problems.push(`queues ${queuedBytes} bytes for ${name}`);
  return [...problems, ...badNumbers('report', report), ...badNumbers('members', members)];
}

/** Numbers that a node tells of itself and its members and that are none. */
export function untellable({ core, now }: Pick<FuzzNode, 'core' | 'now'>): string[] {
  return [...badNumbers('report', core.report()), ...badNumbers('members', core.members(now()))];
}

/** Numbers that JSON cannot show as they are. */
function badNumbers(path: string, value: unknown): string[] {
  if (typeof value === 'number') {
    return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
      ? []
      : [`tells ${path} ${value}`];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => badNumbers(`${path}.${name}`, part));
}

/** Lists and maps within `root` that are longer than anything may be. */
export function overgrown(root: object): string[] {
  const seen = new Set<object>();
  const found: string[] = [];
  const open: { readonly value: object; readonly path: string }[] = [{ value: root, path: 'core' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (
      seen.has(value) ||
      ArrayBuffer.isView(value) ||
      path.endsWith('.store') ||
      path.endsWith('.log') ||
      path.endsWith('.entry')
    )
      continue;
    seen.add(value);
    const length =
      types.isMap(value) || types.isSet(value) ? value.size : Array.isArray(value) ? value.length : 0;
    if (length > LENGTH_MAX) found.push(`${path} has ${length} items`);
    for (const [name, part] of partsOf(value)) {
      if (typeof part === 'object' && part !== null) open.push({ value: part, path: `${path}.${name}` });
    }
  }
  return found;
}

function partsOf(value: object): [string, unknown][] {
  if (types.isMap(value)) return firstOf(value.values());
  if (types.isSet(value)) return [];
  if (Array.isArray(value)) return firstOf(value);
  return Object.entries(value);
}

/** Items of one list are alike: a few tell of all. */
function firstOf(items: Iterable<unknown>): [string, unknown][] {
  const first: [string, unknown][] = [];
  for (const item of items) {
    if (typeof item !== 'object' || first.length >= 20) break;
    first.push(['*', item]);
  }
  return first;
}
