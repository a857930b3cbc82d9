// The few calls Fade makes, all to the node that served the page. Expected failures are results,
// not exceptions.

import { READ_BYTES_MAX } from './message.js';

const TIMEOUT_MS = 10_000;

/**
 * @typedef {{ kind: 'unreachable' }
 *   | { kind: 'refused', status: number, code: string, detail: string, retryAfterSeconds: number |
 *   null }} Failure
 */
/**
 * @template T
 * @typedef {{ ok: true, value: T } | { ok: false, failure: Failure }} Result
 */
/**
 * @typedef {object} StoredValue
 * @property {Uint8Array} bytes at most READ_BYTES_MAX of them
 * @property {boolean} whole
 * @property {string} version
 * @property {number} createdAtMs NaN when not told
 * @property {number} ttlSeconds
 * @property {number} remainingSeconds
 * @property {number} roundTripMs
 */
/** @typedef {{ replicating: boolean, ttlSeconds: number, acks: string }} Receipt */
/** @typedef {{ name: string, port: number }} NodeFacts */
/** @typedef {{ name: string, address: string, port: number, state: string }} Peer */

/**
 * @param {string} prefix
 * @returns {Promise<Result<string[]>>}
 */
export async function listKeys(prefix) {
  const answer = await getJson(`keys?prefix=${encodeURIComponent(prefix)}`);
  if (!answer.ok) return answer;
  const keys = Array.isArray(answer.value.keys) ? answer.value.keys : [];
  return { ok: true, value: keys.filter(isAddressable) };
}

/**
 * @param {string} key
 * @returns {Promise<Result<StoredValue>>}
 */
export function readValue(key) {
  const sentMs = performance.now();
  return call(dataPath(key), {}, async (response) => {
    const { bytes, whole } = await readBeginning(response);
    return {
      bytes,
      whole,
      version: response.headers.get('X-Repram-Version') ?? '',
      createdAtMs: Date.parse(response.headers.get('X-Created-At') ?? ''),
      ttlSeconds: Number(response.headers.get('X-Original-TTL')),
      remainingSeconds: Number(response.headers.get('X-Remaining-TTL')),
      roundTripMs: performance.now() - sentMs,
    };
  });
}

/**
 * @param {string} key
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {number} ttlSeconds
 * @returns {Promise<Result<Receipt>>}
 */
export function putValue(key, body, ttlSeconds) {
  return call(`${dataPath(key)}?ttl=${ttlSeconds}`, { method: 'PUT', body }, async (response) => ({
    replicating: response.status === 202,
    ttlSeconds: Number(response.headers.get('X-TTL') ?? ttlSeconds),
    acks: response.headers.get('X-Repram-Acks') ?? '',
  }));
}

/** @returns {Promise<Result<NodeFacts>>} */
export async function readStatus() {
  const answer = await getJson('status');
  if (!answer.ok) return answer;
  return { ok: true, value: { name: String(answer.value.name), port: Number(answer.value.port) } };
}

/** @returns {Promise<Result<Peer[]>>} */
export async function readPeers() {
  const answer = await getJson('peers');
  if (!answer.ok) return answer;
  return { ok: true, value: Array.isArray(answer.value.peers) ? answer.value.peers : [] };
}

/**
 * A lone surrogate cannot be written into an address.
 *
 * @param {unknown} key
 */
function isAddressable(key) {
  return typeof key === 'string' && !/\p{Surrogate}/u.test(key);
}

/** @param {string} key */
function dataPath(key) {
  return `data/${encodeURIComponent(key)}`;
}

/**
 * @param {string} path
 * @returns {Promise<Result<any>>}
 */
function getJson(path) {
  return call(path, { headers: { Accept: 'application/json' } }, (response) => response.json());
}

/**
 * @template T
 * @param {string} path
 * @param {RequestInit} init
 * @param {(response: Response) => Promise<T>} read
 * @returns {Promise<Result<T>>}
 */
async function call(path, init, read) {
  try {
    const response = await fetch(path, {
      ...init,
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return { ok: false, failure: await readProblem(response) };
    return { ok: true, value: await read(response) };
  } catch {
    return { ok: false, failure: { kind: 'unreachable' } };
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Failure>}
 */
async function readProblem(response) {
  const problem = await response.json().catch(() => null);
  const retryAfter = Number(response.headers.get('Retry-After') ?? NaN);
  return {
    kind: 'refused',
    status: response.status,
    code: typeof problem?.code === 'string' ? problem.code : '',
    detail: typeof problem?.detail === 'string' ? problem.detail.slice(0, 300) : '',
    retryAfterSeconds: Number.isFinite(retryAfter) ? Math.max(0, retryAfter) : null,
  };
}

/**
 * Reads at most READ_BYTES_MAX and lets go of the rest.
 *
 * @param {Response} response
 */
async function readBeginning(response) {
  const bytes = new Uint8Array(READ_BYTES_MAX);
  const reader = response.body?.getReader();
  let size = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) return { bytes: bytes.subarray(0, size), whole: true };
    const room = chunk.value.subarray(0, READ_BYTES_MAX - size);
    bytes.set(room, size);
    size += room.length;
    if (room.length < chunk.value.length) {
      await reader?.cancel();
      return { bytes, whole: false };
    }
  }
}
