// A browser context that notes whatever its pages complain of and whom they ask.
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';

export interface Watched {
  readonly context: BrowserContext;
  /** Errors thrown, resources refused by the policy of the page. */
  readonly complaints: string[];
  /** `http://host:port/` of each request. */
  readonly origins: Set<string>;
  /** Everything that left for a node: addresses, headers and bodies, as one text. */
  sent(): string;
}

export async function watchedContext(browser: Browser, options?: BrowserContextOptions): Promise<Watched> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  const origins = new Set<string>();
  const requests: string[] = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (line) => complaints.push(...(line.type() === 'error' ? [line.text()] : [])));
  context.on('request', (request) => {
    origins.add(`${new URL(request.url()).origin}/`);
    const body = request.postDataBuffer()?.toString('latin1') ?? '';
    requests.push(`${request.url()}\n${JSON.stringify(request.headers())}\n${body}`);
  });
  return { context, complaints, origins, sent: () => requests.join('\n') };
}
