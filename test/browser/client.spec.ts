// The client in a page of another origin than the nodes.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Repram } from '../../src/client';
import { launchBrowser } from '../support/processes/browser';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { watchedContext, type Watched } from './watched-context';

const MODULE = join(__dirname, '..', '..', 'dist', 'client', 'index.mjs');
const PAGE = `<!doctype html><title>A page</title><script type="module">
  import { Repram } from './client.mjs';
  window.Repram = Repram;
</script>`;

declare global {
  // What the page has.
  interface Window {
    Repram: typeof Repram;
    repram: Repram;
  }
}
declare const window: Window;

const cluster = new Cluster();
let launched: Launched;
let browser: Browser;
let watched: Watched;
let server: Server;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  launched = await Launched.start(cluster);
  server = createServer((request, response) => {
    const isModule = request.url === '/client.mjs';
    response.setHeader('content-type', isModule ? 'text/javascript' : 'text/html');
    response.end(isModule ? readFileSync(MODULE) : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await browser.close();
  await cluster.cleanUp();
});
beforeEach(async () => {
  watched = await watchedContext(browser);
  page = await watched.context.newPage();
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'Repram' in window);
  await page.evaluate((nodes) => {
    window.repram = new window.Repram({ nodes });
  }, `127.0.0.1:${launched.ports[0]}`);
});
afterEach(() => watched.context.close());

it('puts, gets, lists and streams from a page, large values and streams too', async () => {
  const seen = await page.evaluate(async () => {
    const { repram } = window;
    const ttlSeconds = 600;
    const stored = await repram.put('page/1', 'grün', { ttlSeconds });
    const large = new Uint8Array(3_000_000).fill(7);
    let sentBytes = 0;
    const onProgress = (progress: { sentBytes: number }): void => void (sentBytes = progress.sentBytes);
    await repram.put('page/2', new Blob([large]), { ttlSeconds, onProgress });
    await repram.put('page/3', () => new Blob([large]).stream(), { ttlSeconds });
    const keys: string[] = [];
    for await (const key of repram.keys({ prefix: 'page/' })) keys.push(key);
    const streamed = await new Response((await repram.stream('page/3'))?.stream).arrayBuffer();
    return {
      held: stored.held,
      copies: stored.copies,
      text: (await repram.get('page/1'))?.text(),
      size: (await repram.head('page/2'))?.size,
      absent: await repram.has('page/4'),
      sentBytes,
      keys,
      streamed: streamed.byteLength,
    };
  });
  expect(seen).toEqual({
    held: true,
    copies: 3,
    text: 'grün',
    size: 3_000_000,
    absent: false,
    sentBytes: 3_000_000,
    keys: ['page/1', 'page/2', 'page/3'],
    streamed: 3_000_000,
  });
  expect(watched.complaints.filter((text) => !text.includes('404'))).toEqual([]);
});

it('watches from a page, encrypted, and goes on when the node is killed', async () => {
  await page.evaluate(() => {
    const { Repram: Client, repram } = window;
    const encryptionKey = Client.generateEncryptionKey();
    window.repram = new Client({ nodes: [...repram.nodes], encryptionKey });
    const told: string[] = [];
    Object.assign(window, { told });
    void (async () => {
      for await (const change of window.repram.watch({ prefix: 'seen/', types: ['put'], values: true }))
        if (change.type === 'put') told.push(new TextDecoder().decode(change.value));
    })();
  });
  const told = (count: number): Promise<unknown> =>
    page.waitForFunction((least) => (window as unknown as { told: string[] }).told.length >= least, count);
  const put = (text: string): Promise<unknown> =>
    page.evaluate((value) => window.repram.put(`seen/${value}`, value, { ttlSeconds: 600 }), text);
  await put('one');
  // The first change may come before the stream begins.
  await put('two');
  await told(1);
  await page.waitForFunction(() => window.repram.nodes.length === 3);
  await launched.end(launched.ports[0], 'SIGKILL');
  await put('three');
  await page.waitForFunction(() => (window as unknown as { told: string[] }).told.includes('three'));
  expect(watched.sent()).not.toContain('three"');
  await launched.untilWhole();
});
