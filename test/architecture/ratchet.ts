// The ratchet: each folder's longest file and function may shrink, and then may not grow back. ratchet.json holds
// them; `npm run ratchet` writes today's figures.
import { fileSize, functionSizes, largest } from './sizes';
import type { Size } from './sizes';
import type { ProjectFile } from './project-files';

export interface Longest {
  readonly file: number;
  readonly function: number;
}

export type Ratchet = Readonly<Record<string, Longest>>;

/** Below this share of its figure a folder's longest has shrunk enough to tighten the ratchet. */
const SLACK = 0.9;

/** "src/core/store/store.ts" -> "src/core", "src/node.ts" -> "src", "src/core/a.spec.ts" -> "src (unit tests)". */
export function ratchetFolder(path: string): string {
  const [top, ...rest] = path.split('/');
  if (top === 'src' && path.endsWith('.spec.ts')) return 'src (unit tests)';
  return rest.length > 1 ? `${top}/${rest[0]}` : top;
}

function byFolder(files: readonly ProjectFile[]): Map<string, ProjectFile[]> {
  const folders = new Map<string, ProjectFile[]>();
  for (const file of files) {
    const folder = ratchetFolder(file.path);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

interface Measured {
  readonly file: Size;
  readonly function: Size;
}

function measure(files: readonly ProjectFile[]): Measured {
  return { file: largest(files.map(fileSize)), function: largest(files.flatMap(functionSizes)) };
}

/** What `npm run ratchet` writes. */
export function ratchetOf(files: readonly ProjectFile[]): Ratchet {
  const folders = [...byFolder(files)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    folders.map(([folder, members]) => {
      const measured = measure(members);
      return [folder, { file: measured.file.lines, function: measured.function.lines }];
    }),
  );
}

function compare(folder: string, kind: keyof Longest, now: Size, held: number): string | null {
  if (now.lines > held) {
    return `${folder}: ${now.what} has ${now.lines} lines, the longest ${kind} so far has ${held}: split it`;
  }
  if (now.lines < held * SLACK) {
    return `${folder}: the longest ${kind} has fallen from ${held} to ${now.lines} lines: run \`npm run ratchet\` to hold that`;
  }
  return null;
}

/** One sentence for each figure that grew, or shrank by more than a tenth, or is not held yet. */
export function ratchetProblems(files: readonly ProjectFile[], ratchet: Ratchet): string[] {
  const problems: (string | null)[] = [];
  const folders = byFolder(files);
  for (const [folder, members] of folders) {
    if (!(folder in ratchet)) {
      problems.push(`${folder} is not in ratchet.json: run \`npm run ratchet\``);
      continue;
    }
    const measured = measure(members);
    problems.push(compare(folder, 'file', measured.file, ratchet[folder].file));
    problems.push(compare(folder, 'function', measured.function, ratchet[folder].function));
  }
  for (const folder of Object.keys(ratchet)) {
    if (!folders.has(folder)) problems.push(`${folder} is gone: run \`npm run ratchet\``);
  }
  return problems.filter((problem) => problem !== null);
}
