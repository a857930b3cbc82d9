// A throw-away project folder for tests of the checkers themselves.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROJECT_ROOT } from './project-files';

/**
 * Writes `files` (path -> text) below a new temporary folder and returns its path. Remove it with
 * `removeTree`.
 */
export function writeTree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'repram-fixture-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** Lets the fixture use the project's installed packages. */
export function linkPackages(root: string): void {
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(root, 'node_modules'), 'dir');
}

export function removeTree(root: string): void {
  rmSync(root, { recursive: true, force: true });
}
