// Where a document lies for whoever reads a message. It comes with the package, and the image has
// none.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './package-root';

/** @param name of a file in docs; as the project names it for whoever stands in its folder */
export function documentPath(name: string): string {
  const path = join(PACKAGE_ROOT, 'docs', name);
  return existsSync(join('docs', name)) || !existsSync(path) ? `docs/${name}` : path;
}
