// Which control groups hold this process: its own and every group above it that can be seen, of
// cgroup v2 and of the v1 memory hierarchy (both at once on hybrid systems). Sources: cgroups(7),
// proc_pid_mountinfo(5), the kernel's admin-guide/cgroup-v2 and admin-guide/cgroup-v1/memory. Any
// file may be missing or odd. A file that cannot be understood is taken for that of a container
// that sees its own group at the usual place.
import { readFileSync } from 'node:fs';

/** The text of a file, null when it cannot be read for whatever reason. */
export type ReadText = (path: string) => string | null;

export const readSystemText: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

export interface ControlGroup {
  readonly version: 1 | 2;
  /** Where its files are. */
  readonly directory: string;
}

/** A hierarchy and what of it is mounted where. */
interface Mount {
  readonly version: 1 | 2;
  /** The group whose files are at `point`. */
  readonly root: string;
  readonly point: string;
}

/** What containers see when /proc tells nothing. */
const USUAL_PLACES: readonly ControlGroup[] = [
  { version: 2, directory: '/sys/fs/cgroup' },
  { version: 1, directory: '/sys/fs/cgroup/memory' },
];

/** Deeper nesting than any system has. It bounds what a strange path can cost. */
const DEPTH_MAX = 64;

/** The groups that may limit this process's memory, the innermost of each hierarchy first. */
export function controlGroups(read: ReadText = readSystemText): ControlGroup[] {
  const mounts = memoryMounts(read('/proc/self/mountinfo') ?? '');
  const paths = memoryPaths(read('/proc/self/cgroup') ?? '');
  const found = ([2, 1] as const).flatMap((version) => {
    const path = paths.get(version);
    const mounted = mounts.filter((mount) => mount.version === version);
    return path === undefined || mounted.length === 0 ? [] : upwards(path, mounted);
  });
  return found.length > 0 ? found : [...USUAL_PLACES];
}

/** `0::/path` is of v2. Of v1 only the line that names the memory controller counts. */
function memoryPaths(text: string): Map<1 | 2, string> {
  const paths = new Map<1 | 2, string>();
  for (const line of text.split('\n')) {
    const match = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    if (match[1] === '0' && match[2] === '') paths.set(2, match[3]);
    else if (match[2].split(',').includes('memory')) paths.set(1, match[3]);
  }
  return paths;
}

function memoryMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ', 2) as [string, string?];
    const fields = before.split(' ');
    const [kind, , options = ''] = (after ?? '').split(' ');
    const version = kind === 'cgroup2' ? 2 : kind === 'cgroup' ? 1 : null;
    if (version === null || fields.length < 5) return [];
    if (version === 1 && !options.split(',').includes('memory')) return [];
    return [{ version, root: unescaped(fields[3]), point: unescaped(fields[4]) }];
  });
}

/** Blanks and backslashes stand as three octal digits. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * From the group at `path` up to the topmost one mounted. A path outside of every mount means the
 * mount point itself.
 */
function upwards(path: string, mounts: readonly Mount[]): ControlGroup[] {
  const holding = mounts.filter(({ root }) => below(path, root) !== null);
  const mount = holding.reduce(
    (best, other) => (other.root.length < best.root.length ? other : best),
    holding.at(0) ?? mounts[0],
  );
  const names = (below(path, mount.root) ?? '').split('/').filter((name) => name !== '');
  const depths = Array.from({ length: Math.min(names.length, DEPTH_MAX) + 1 }, (_, up) => names.length - up);
  return depths.map((depth) => ({
    version: mount.version,
    directory: [mount.point === '/' ? '' : mount.point, ...names.slice(0, depth)].join('/'),
  }));
}

/** What of `path` is below `root`; null when it is elsewhere or leads out of the namespace. */
function below(path: string, root: string): string | null {
  if (path.split('/').includes('..')) return null;
  if (root === '/' || path === root) return root === '/' ? path : '';
  return path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}
