// The files of the Fade page, read once at start, because they are few and small. index.html is
// served as `/`, whatever else lies in the directory as `/fade/{name}`.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PACKAGE_ROOT } from '../../runtime/package-root';

export interface PageFile {
  readonly mediaType: string;
  readonly etag: string;
  readonly bytes: Buffer;
}

const MEDIA_TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

const PAGE_DIRECTORY = join(PACKAGE_ROOT, 'fade', 'public');

/** Files by the path they are served under. None when the package came without the page. */
export function readPageFiles(directory = PAGE_DIRECTORY): ReadonlyMap<string, PageFile> {
  return new Map(namesIn(directory).map((name) => [pathOf(name), readPageFile(directory, name)]));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => MEDIA_TYPES.has(extname(name)));
  } catch {
    return [];
  }
}

function pathOf(name: string): string {
  return name === 'index.html' ? '/' : `/fade/${name}`;
}

function readPageFile(directory: string, name: string): PageFile {
  const bytes = readFileSync(join(directory, name));
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return {
    mediaType: MEDIA_TYPES.get(extname(name)) ?? 'application/octet-stream',
    etag: `"${digest}"`,
    bytes,
  };
}
