// The pages for browsers as they are served: whole, small, kept where they may be, and under a
// policy that lets nothing foreign in. (After `npm run build`.)
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request as rawRequest, type IncomingHttpHeaders } from 'node:http';
import { PAGES_FOLDER, PageFiles } from '../../src/modules/pages/page-files';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode();
});
afterAll(async () => node.close());

/** What the page at `path` loads: itself, and every file that it or a file of it names. */
async function loads(path: string): Promise<string[]> {
  const found = new Set([path]);
  for (const each of found) {
    const text = (await ask(each)).body.toString();
    for (const name of assets) if (text.includes(name)) found.add(`/assets/${name}`);
  }
  return [...found];
}

/** Without a client that asks for encodings by itself and undoes them. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = rawRequest(`${node.url}${path}`, { method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      );
    });
    asked.on('error', reject).end();
  });
}

/** For a whole page, as a browser loads it first, in bytes. */
const PAGE_BYTES_MAX = 60_000;

const assets = readdirSync(join(PAGES_FOLDER, 'assets')).filter((name) => !/\.(?:br|gz)$/.test(name));
/** The largest, because a small one may be kept plain only. */
const [largest] = assets
  .filter((name) => name.endsWith('.js'))
  .sort((one, other) => sizeOf(other) - sizeOf(one));
const script = `/assets/${largest}`;

function sizeOf(name: string): number {
  return statSync(join(PAGES_FOLDER, 'assets', name)).size;
}

describe.each(['/', '/dashboard'])('%s', (path) => {
  it('loads only files that are served, by addresses that hold below any path', async () => {
    const { status, headers, body } = await ask(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const loaded = [...body.toString().matchAll(/(?:href|src)="([^"]*\.(?:js|css|svg))"/g)].map(
      ([, address]) => address,
    );
    expect(loaded.length).toBeGreaterThanOrEqual(3);
    for (const address of loaded) {
      expect(address).toMatch(/^assets\/[\w-]+\.(?:js|css|svg)$/);
      expect((await ask(`/${address}`)).status).toBe(200);
    }
  });

  it('has at most 60 kB with all that it loads, compressed', async () => {
    const paths = await loads(path);
    expect(paths.length).toBeGreaterThanOrEqual(5);
    const answers = await Promise.all(paths.map((each) => ask(each, { 'accept-encoding': 'br' })));
    const bytes = answers.map(({ body }) => body.length);
    const sum = bytes.reduce((all, each) => all + each, 0);
    const lines = paths.map((each, index) => `${String(bytes[index]).padStart(8)} ${each}`);
    process.stdout.write([`${path}: ${sum} bytes`, ...lines, ''].join('\n'));
    expect(answers.map(({ headers }) => headers['content-encoding'])).toEqual(paths.map(() => 'br'));
    expect(sum).toBeLessThanOrEqual(PAGE_BYTES_MAX);
  });

  it('is asked for anew each time, and answers 304 to who has it', async () => {
    const { headers } = await ask(path);
    expect(headers['cache-control']).toBe('no-cache');
    const again = await ask(path, { 'if-none-match': `"other", W/${headers.etag ?? ''}` });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
  });

  it('runs nothing that is written into it, and nothing from elsewhere', async () => {
    const { headers, body } = await ask(path);
    expect(headers['content-security-policy']).toBe(
      "default-src 'self'; connect-src 'self' http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(body.toString()).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?:\/\//);
  });
});

describe('a file of the pages', () => {
  it('may be kept for ever, because its name changes with it', async () => {
    const { headers } = await ask(script);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'Accept-Encoding',
    });
    expect(assets.filter((name) => !/-[\w-]{8}\.\w+$/.test(name))).toEqual([]);
  });

  it.each([
    ['gzip, br', 'br', brotliDecompressSync],
    ['br;q=0.5, gzip', 'gzip', gunzipSync],
  ] as const)('comes to who accepts %j as %s, and is the same', async (accepted, encoding, decode) => {
    const plain = await ask(script);
    const packed = await ask(script, { 'accept-encoding': accepted });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers).toMatchObject({
      'content-encoding': encoding,
      'content-length': String(packed.body.length),
      vary: 'Accept-Encoding',
    });
    expect(decode(packed.body).equals(plain.body)).toBe(true);
    expect(packed.body.length).toBeLessThan(plain.body.length);
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    const { status } = await ask(script, {
      'accept-encoding': accepted,
      'if-none-match': packed.headers.etag ?? '',
    });
    expect(status).toBe(304);
  });

  it('is kept compressed only where that is smaller', () => {
    const all = readdirSync(join(PAGES_FOLDER, 'assets'));
    const packed = all.filter((name) => /\.(?:br|gz)$/.test(name));
    expect(packed.length).toBeGreaterThan(0);
    for (const name of packed) expect(sizeOf(name)).toBeLessThan(sizeOf(name.replace(/\.(?:br|gz)$/, '')));
  });

  it('answers HEAD with the length that GET would have', async () => {
    const headers = { 'accept-encoding': 'br' };
    const [got, head] = [await ask(script, headers), await ask(script, headers, 'HEAD')];
    expect(head.body).toHaveLength(0);
    for (const name of ['content-length', 'content-encoding', 'etag', 'content-type'])
      expect(head.headers[name]).toBe(got.headers[name]);
  });

  it.each(['fade.js', `${largest}.br`, '..%2ffade%2findex.html', 'index.html', '%00'])(
    'is nothing else: /assets/%s is not found',
    async (name) => {
      expect((await ask(`/assets/${name}`)).status).toBe(404);
    },
  );
});

it('a file that one encoding makes larger has only the other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'repram-pages-'));
  try {
    for (const name of ['tiny.svg', 'tiny.svg.br']) writeFileSync(join(folder, name), name);
    expect(new PageFiles(folder).encodingsOf('tiny.svg')).toEqual(['br']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a package without the pages has none, and no file that fails to be read is kept as such', async () => {
  const files = new PageFiles(join(PAGES_FOLDER, 'absent'));
  expect([files.has('fade/index.html'), files.encodingsOf('fade/index.html')]).toEqual([false, []]);
  await expect(files.read('fade/index.html', null)).rejects.toThrow('ENOENT');
});
