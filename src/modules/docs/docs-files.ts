// The files behind /openapi.json and /docs. They are read from disk each time. They are seldom
// asked for, and no node should keep a megabyte of script in memory for that.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { PACKAGE_ROOT } from '../../runtime/package-root';

/** Written by the build (scripts/openapi.ts). */
export const DOCUMENT_FILE = join(PACKAGE_ROOT, 'dist', 'openapi.json');
/** Copied there by the build (scripts/bundle/assets.mjs). */
const SWAGGER_UI = join(PACKAGE_ROOT, 'dist', 'swagger-ui');

export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>REPRAM: the API of a node</title>
    <link rel="icon" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** No validator: it would send the document's address to another host. */
const START_SCRIPT = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#api',
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

const MEDIA_TYPES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

export type PagePart =
  | { readonly mediaType: string; readonly text: string }
  | { readonly mediaType: string; readonly path: string };

/** A file that the page loads; null when it loads none of that name. */
export function pagePart(name: string): PagePart | null {
  if (name === 'start.js') return { mediaType: MEDIA_TYPES['swagger-ui-bundle.js'], text: START_SCRIPT };
  if (!isShipped(name)) return null;
  return { mediaType: MEDIA_TYPES[name], path: join(SWAGGER_UI, name) };
}

function isShipped(name: string): name is keyof typeof MEDIA_TYPES {
  return Object.hasOwn(MEDIA_TYPES, name);
}

export interface DocsFile {
  readonly etag: string;
  /** Null when the reader has these bytes already. */
  readonly bytes: Buffer | null;
}

/** Reads the files. Many who ask at once share one copy of its bytes. */
@Injectable()
export class DocsFiles {
  private readonly reading = new Map<string, Promise<Buffer>>();
  /** What answers still hold that are on their way. */
  private readonly held = new Map<string, WeakRef<Buffer>>();

  /**
   * @param wanted whether a reader still needs the file once its tag is known. Null when there is
   * no such file.
   */
  async read(path: string, wanted: (etag: string) => boolean): Promise<DocsFile | null> {
    try {
      const { size, mtimeMs } = await stat(path);
      const etag = `"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`;
      return { etag, bytes: wanted(etag) ? await this.bytesOf(path, etag) : null };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  private bytesOf(path: string, etag: string): Promise<Buffer> {
    const name = `${etag} ${path}`;
    const held = this.held.get(name)?.deref();
    if (held !== undefined) return Promise.resolve(held);
    const known = this.reading.get(name);
    if (known !== undefined) return known;
    const reading = readFile(path)
      .then((bytes) => {
        this.held.set(name, new WeakRef(bytes));
        return bytes;
      })
      .finally(() => this.reading.delete(name));
    this.reading.set(name, reading);
    return reading;
  }
}
