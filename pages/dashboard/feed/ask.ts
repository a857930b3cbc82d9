// One question to one node. What is no answer is a result, not an exception.
import { readLook } from '../facts/facts';
import type { Look } from '../facts/facts';

export type Answer =
  | { readonly kind: 'look'; readonly look: Look }
  /** It is there and does not want to be asked now. */
  | { readonly kind: 'busy'; readonly status: number; readonly retryMs: number }
  | { readonly kind: 'silent' };

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

const PATIENCE_MS = 2500;
const RETRY_MS_MAX = 30_000;

/** Asks the node below `base` what it knows of itself and of the others. */
export async function ask(fetch: Fetch, base: string): Promise<Answer> {
  const init: RequestInit = { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) };
  try {
    const [status, peers] = await Promise.all([
      fetch(new URL('status', base).href, init),
      fetch(new URL('peers', base).href, init),
    ]);
    const refused = [status, peers].find(({ ok }) => !ok);
    if (refused !== undefined) return busy(refused);
    const look = readLook(await status.json(), await peers.json());
    return look === null ? { kind: 'silent' } : { kind: 'look', look };
  } catch {
    return { kind: 'silent' };
  }
}

function busy({ status, headers }: Response): Answer {
  const seconds = Number(headers.get('Retry-After') ?? 1);
  const retryMs = Number.isFinite(seconds) ? Math.min(RETRY_MS_MAX, Math.max(1000, seconds * 1000)) : 1000;
  return { kind: 'busy', status, retryMs };
}
