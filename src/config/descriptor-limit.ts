// How many descriptors this process may have open. Node.js raises the soft limit to the hard one as
// it starts. So what the kernel says afterwards is what counts.
import { readFileSync } from 'node:fs';

/** What nearly every system allows; taken where the limit cannot be read. */
const COMMON_LIMIT = 1024;

/** The limit from the text of /proc/self/limits; null when it does not say. */
export function parseDescriptorLimit(text: string): number | null {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1];
  if (soft === undefined) return null;
  return soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft);
}

/** @param read how to get a file's text; throws when there is no such file */
export function descriptorLimit(
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): number {
  try {
    return parseDescriptorLimit(read('/proc/self/limits')) ?? COMMON_LIMIT;
  } catch {
    return COMMON_LIMIT;
  }
}
