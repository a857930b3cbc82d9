// Control groups of a test run: one with a memory limit, and groups below it without one, as a
// systemd slice has its services and a pod its containers. Needs the rights of root and a hierarchy
// with the memory controller, v2 or v1.
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../basics/until';

interface Hierarchy {
  readonly root: string;
  readonly limitFile: string;
  readonly version: 1 | 2;
}

const HIERARCHIES: readonly Hierarchy[] = [
  { root: '/sys/fs/cgroup', limitFile: 'memory.max', version: 2 },
  { root: '/sys/fs/cgroup/memory', limitFile: 'memory.limit_in_bytes', version: 1 },
];

export class LimitedGroup {
  private constructor(readonly directory: string) {}

  /** @throws Error when this machine has no such thing for us */
  static create(name: string, limitBytes: number): LimitedGroup {
    removeLeftGroups();
    const hierarchy = HIERARCHIES.find(({ root, version }) => {
      return version === 2
        ? existsSync(join(root, 'cgroup.controllers'))
        : existsSync(join(root, 'memory.limit_in_bytes'));
    });
    if (hierarchy === undefined) throw new Error('no memory controller is mounted');
    const group = new LimitedGroup(join(hierarchy.root, `repram-${process.pid}-${name}`));
    mkdirSync(group.directory);
    try {
      writeFileSync(join(group.directory, hierarchy.limitFile), String(limitBytes));
      if (hierarchy.version === 2) {
        writeFileSync(join(group.directory, 'cgroup.subtree_control'), '+memory');
      }
    } catch (error) {
      rmdirSync(group.directory);
      throw error;
    }
    return group;
  }

  /** What starts a program in a group below this one that has no limit of its own. */
  below(name: string): string[] {
    const directory = join(this.directory, name);
    mkdirSync(directory, { recursive: true });
    return ['sh', '-c', `echo $$ > ${directory}/cgroup.procs && exec "$@"`, 'sh'];
  }

  /**
   * A group is busy until the kernel has let go of the last process that ran in it, which outlasts
   * the kill.
   */
  async remove(): Promise<void> {
    await until(() => isRemoved(this.directory), `${this.directory} is removed`);
  }
}

/** Why there can be none here; null when there can. */
export function memoryGroupProblem(): string | null {
  try {
    const group = LimitedGroup.create('probe', 64 * 1_048_576);
    group.below('inner');
    removeWithGroupsBelow(group.directory);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Of test runs that were killed. */
function removeLeftGroups(): void {
  for (const { root } of HIERARCHIES) {
    for (const name of existsSync(root) ? readdirSync(root) : []) {
      const owner = /^repram-(\d+)-[a-z]+$/.exec(name)?.[1];
      if (owner !== undefined && !existsSync(`/proc/${owner}`)) isRemoved(join(root, name));
    }
  }
}

/** Removes it unless something still runs in it. */
function isRemoved(directory: string): boolean {
  try {
    removeWithGroupsBelow(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
    throw error;
  }
}

function removeWithGroupsBelow(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) rmdirSync(join(directory, entry.name));
  }
  rmdirSync(directory);
}
