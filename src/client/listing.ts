// Keys, page by page. A page may come from another node than the one before it: a cursor names the
// last key, and every node reads it alike.
import { jsonWithin } from './bounded';
import type { Outcome, Try } from './call';
import { RepramError } from './errors';
import { judge, notOurs } from './judgement';
import { isBehind, queryText } from './keys';
import type { Network } from './network';
import type { KeysOptions } from './options';

const PAGE_SIZE = 1000;
const PAGE_SIZE_MAX = 10_000;
/** The longest keys of all settings, in six characters for each of their bytes. */
const KEY_TEXT_BYTES_MAX = 6 * 4096 + 3;
const FRAME_BYTES = 32 * 1024;

interface Page {
  readonly keys: readonly string[];
  readonly next_cursor?: string;
}

export function pagesOfKeys(network: Network, options: KeysOptions): AsyncIterable<string> {
  const { pageSize = PAGE_SIZE } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > PAGE_SIZE_MAX)
    throw new RepramError(
      'argument-invalid',
      `pageSize is ${pageSize}; it must be a whole number from 1 to ${PAGE_SIZE_MAX}.`,
    );
  return keysOf(network, options, pageSize);
}

async function* keysOf(
  network: Network,
  { prefix, signal, timeoutMs }: KeysOptions,
  pageSize: number,
): AsyncGenerator<string, void, undefined> {
  let cursor: string | undefined;
  let last: string | null = null;
  const limits = network.limitsFor(timeoutMs === undefined ? {} : { timeoutMs });
  for (;;) {
    const path = `keys${queryText({ limit: String(pageSize), prefix, cursor })}`;
    const before: string | null = last;
    const page: Page = await network.call(
      (it) => readPage(network, path, { pageSize, before }, it),
      limits,
      signal,
    );
    yield* page.keys;
    if (page.next_cursor === undefined) return;
    cursor = page.next_cursor;
    last = page.keys.at(-1) ?? last;
  }
}

interface Asked {
  readonly pageSize: number;
  /** The last key of the page before it. */
  readonly before: string | null;
}

async function readPage(network: Network, path: string, asked: Asked, it: Try): Promise<Outcome<Page>> {
  const response = await network.ask(it, { path });
  if (!response.ok) return judge(response, it.node);
  const body = await jsonWithin(response, FRAME_BYTES + asked.pageSize * KEY_TEXT_BYTES_MAX);
  return isPage(body, asked) ? { kind: 'done', value: body } : notOurs(response, it.node);
}

/** A page that goes on has brought something new. A list without an end would never be over. */
function isPage(body: unknown, { before }: Asked): body is Page {
  if (typeof body !== 'object' || body === null) return false;
  const { keys, next_cursor } = body as Partial<Record<keyof Page, unknown>>;
  if (!Array.isArray(keys) || !keys.every((key): key is string => typeof key === 'string')) return false;
  const first = keys.at(0);
  if (before !== null && first !== undefined && !isBehind(first, before)) return false;
  return next_cursor === undefined || (typeof next_cursor === 'string' && keys.length > 0);
}
