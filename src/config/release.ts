// The version of this release, from the package's own manifest.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './package-root';

const MANIFEST = join(PACKAGE_ROOT, 'package.json');

export function readRelease(): string {
  return (JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string }).version;
}
