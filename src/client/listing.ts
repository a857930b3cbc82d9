// Keys, page by page. A page may come from another node than the one before it: a cursor names the
// last key, and every node reads it alike.
import type { Outcome, Try } from './call';
import { RepramError } from './errors';
import { judge, notOurs } from './judgement';
import { queryText } from './keys';
import type { Network } from './network';
import type { KeysOptions } from './options';

const PAGE_SIZE = 1000;
const PAGE_SIZE_MAX = 10_000;

interface Page {
  readonly keys: readonly string[];
  readonly next_cursor?: string;
}

export function pagesOfKeys(network: Network, options: KeysOptions): AsyncIterable<string> {
  const { pageSize = PAGE_SIZE } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > PAGE_SIZE_MAX)
    throw new RepramError('argument-invalid', `pageSize is ${pageSize}; it must be 1 to ${PAGE_SIZE_MAX}.`);
  return keysOf(network, options, pageSize);
}

async function* keysOf(
  network: Network,
  { prefix, signal, timeoutMs }: KeysOptions,
  pageSize: number,
): AsyncGenerator<string, void, undefined> {
  let cursor: string | undefined;
  const limits = network.limitsFor(timeoutMs === undefined ? {} : { timeoutMs });
  for (;;) {
    const path = `keys${queryText({ limit: String(pageSize), prefix, cursor })}`;
    const page = await network.call((it) => readPage(network, path, it), limits, signal);
    yield* page.keys;
    if (page.next_cursor === undefined) return;
    cursor = page.next_cursor;
  }
}

async function readPage(network: Network, path: string, it: Try): Promise<Outcome<Page>> {
  const response = await network.ask(it, { path });
  if (!response.ok) return judge(response, it.node);
  const body: unknown = await response.json().catch(() => null);
  const isPage = typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys);
  return isPage ? { kind: 'done', value: body as unknown as Page } : notOurs(response, it.node);
}
