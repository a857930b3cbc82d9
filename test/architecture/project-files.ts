// Where the project's own files are, for the checks in this folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const PROJECT_ROOT = join(__dirname, '..', '..');

const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage', '.cache', '.git']);

export interface ProjectFile {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/**
 * Paths of all files below `folder` (relative to `root`), sorted; installed and built files left
 * out.
 */
export function pathsBelow(folder: string, root = PROJECT_ROOT): string[] {
  const paths: string[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name) || entry.name.endsWith('.log')) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) visit(path);
      if (entry.isFile()) paths.push(relative(root, path).split(sep).join('/'));
    }
  };
  visit(join(root, folder));
  return paths.sort();
}

export function readProjectFile(path: string, root = PROJECT_ROOT): ProjectFile {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** The TypeScript sources below the given folders, unit tests included. */
export function typescriptBelow(...folders: string[]): ProjectFile[] {
  return folders
    .flatMap((folder) => pathsBelow(folder))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readProjectFile(path));
}
