// The calls that the pages make to a node. Expected failures are results, not exceptions. `base` is
// the address of a node's page with a slash at its end, or '' for the one that served this page.
import type { components } from '../../.cache/openapi';
import { Quiet } from './quiet';

export type Status = components['schemas']['Status'];
export type Peer = components['schemas']['Peer'];
export type PeerList = components['schemas']['PeerList'];

export interface Refusal {
  readonly kind: 'refused';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterSeconds: number | null;
}
export type Failure = { readonly kind: 'unreachable' } | Refusal;
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

const TIMEOUT_MS = 10_000;
const DETAIL_CHARACTERS_MAX = 300;

export function readStatus(base: string): Promise<Result<Status>> {
  return getJson<Status>(base, 'status');
}

export async function readPeers(base: string): Promise<Result<readonly Peer[]>> {
  const answer = await getJson<Partial<PeerList>>(base, 'peers');
  return answer.ok ? { ok: true, value: answer.value.peers ?? [] } : answer;
}

/** @returns what a node answers as JSON; nothing checks that it is a `T`. */
export function getJson<T>(base: string, path: string): Promise<Result<T>> {
  const init = { headers: { Accept: 'application/json' } };
  return call(base, path, init, (response) => response.json() as Promise<T>);
}

/**
 * Calls with a time-out of 10 s for the whole answer, a few seconds where the node hangs, and
 * without the browser's cache.
 */
export async function call<T>(
  base: string,
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<T> | T,
): Promise<Result<T>> {
  const controller = new AbortController();
  const { signal } = controller;
  const giveUp = (): void => controller.abort();
  const timer = setTimeout(giveUp, TIMEOUT_MS);
  const quiet = new Quiet(base, giveUp);
  try {
    const response = await fetch(base + path, { ...init, cache: 'no-store', signal });
    if (!response.ok) return { ok: false, failure: await problemOf(response) };
    return { ok: true, value: await read(response) };
  } catch {
    return { ok: false, failure: { kind: 'unreachable' } };
  } finally {
    clearTimeout(timer);
    quiet.end();
  }
}

/** What a node said when it refused. */
export async function problemOf(response: Response): Promise<Refusal> {
  const body: unknown = await response.json().catch(() => null);
  const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const retryAfter = Number(response.headers.get('Retry-After') ?? NaN);
  return {
    kind: 'refused',
    status: response.status,
    code: typeof problem.code === 'string' ? problem.code : '',
    detail: typeof problem.detail === 'string' ? problem.detail.slice(0, DETAIL_CHARACTERS_MAX) : '',
    retryAfterSeconds: Number.isFinite(retryAfter) ? Math.max(0, retryAfter) : null,
  };
}
