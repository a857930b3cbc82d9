// The files of the pages, as the build left them in dist/pages. Their names are known from the
// start; each is read when it is first asked for and kept, because they are few and small, and most
// nodes are never asked.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ENCODINGS, type Encoding } from '../../http/accept-encoding';
import { PACKAGE_ROOT } from '../../runtime/package-root';

export interface PageFile {
  readonly mediaType: string;
  /** Of these very bytes: each encoding has its own. */
  readonly etag: string;
  readonly bytes: Buffer;
}

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
]);
const SUFFIXES = { br: '.br', gzip: '.gz' } as const;

/** Written by the build (scripts/bundle/pages.mjs). */
export const PAGES_FOLDER = join(PACKAGE_ROOT, 'dist', 'pages');

export class PageFiles {
  private readonly reading = new Map<string, Promise<PageFile>>();
  private readonly paths: ReadonlySet<string>;

  /** None when the package came without the pages. */
  constructor(private readonly folder = PAGES_FOLDER) {
    this.paths = new Set(filesBelow(folder));
  }

  has(path: string): boolean {
    return this.paths.has(path) && MEDIA_TYPES.has(extname(path));
  }

  /** What a file is kept in besides its own bytes. */
  encodingsOf(path: string): readonly Encoding[] {
    return ENCODINGS.filter((encoding) => this.paths.has(path + SUFFIXES[encoding]));
  }

  /** @param path one that is there, with an encoding that it is kept in. */
  read(path: string, encoding: Encoding | null): Promise<PageFile> {
    const name = encoding === null ? path : path + SUFFIXES[encoding];
    const known = this.reading.get(name);
    if (known !== undefined) return known;
    const reading = this.readNow(path, name);
    this.reading.set(name, reading);
    reading.catch(() => this.reading.delete(name));
    return reading;
  }

  private async readNow(path: string, name: string): Promise<PageFile> {
    const bytes = await readFile(join(this.folder, name));
    const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    return {
      mediaType: MEDIA_TYPES.get(extname(path)) ?? 'application/octet-stream',
      etag: `"${digest}"`,
      bytes,
    };
  }
}

/** With `/` between the parts, whatever the system writes. */
function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
      path.replaceAll('\\', '/'),
    );
  } catch {
    return [];
  }
}
