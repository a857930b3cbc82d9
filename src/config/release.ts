// The version of this release, from the package's own manifest.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The same depth below the package root in src and in dist. */
const MANIFEST = join(__dirname, '..', '..', 'package.json');

export function readRelease(): string {
  return (JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string }).version;
}
