// The folder of this package. Files that are not code lie below it: the manifest, the pages, the
// description of the API.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder above that has a manifest: from the sources as from the bundle. */
function nearestRoot(start: string): string {
  let folder = start;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

export const PACKAGE_ROOT = nearestRoot(__dirname);
