// The hard memory limit of this process's control group. Beyond it the kernel kills without asking.
import { readFileSync } from 'node:fs';

/** cgroup v2, then v1, as seen from inside a container. */
const LIMIT_FILES = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'];

/** cgroup v1 writes a number near 2^63 for "no limit". */
const UNLIMITED_BYTES = 2 ** 60;

/** The limit in bytes from such a file's text; null when it says there is none. */
export function parseMemoryLimit(text: string): number | null {
  const bytes = /^\d+$/.test(text.trim()) ? Number(text) : Infinity;
  return bytes < UNLIMITED_BYTES ? bytes : null;
}

/** @param read how to get a file's text; throws when there is no such file */
export function readMemoryLimit(
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): number | null {
  for (const path of LIMIT_FILES) {
    try {
      return parseMemoryLimit(read(path));
    } catch {
      continue;
    }
  }
  return null;
}
