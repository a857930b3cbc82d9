// Values by key: listing, reading and writing them.
import { call, getJson, type Result } from './calls';

/**
 * No message needs more, even with every character escaped. Of larger values only the beginning is
 * read.
 */
export const READ_BYTES_MAX = 32 * 1024;

export interface StoredValue {
  /** At most READ_BYTES_MAX of them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly whole: boolean;
  readonly version: string;
  /** Ms since 1970; NaN when not told. */
  readonly createdAtMs: number;
  readonly ttlSeconds: number;
  /** Whole seconds, rounded down. */
  readonly remainingSeconds: number;
  readonly roundTripMs: number;
}

export interface Receipt {
  /** Stored at the node; fewer than the quorum have confirmed. */
  readonly replicating: boolean;
  /** What the node granted. */
  readonly ttlSeconds: number;
  /** `3/3`: how many nodes hold it, of how many. '' when not told. */
  readonly nodes: string;
  /** `2/2`, for hosts. */
  readonly hosts: string;
}

/** @returns at most `limit` keys, in bytewise order; without those no address can be made of. */
export async function listKeys(base: string, prefix: string): Promise<Result<readonly string[]>> {
  const answer = await getJson<{ readonly keys?: unknown }>(
    base,
    `keys?prefix=${encodeURIComponent(prefix)}`,
  );
  if (!answer.ok) return answer;
  const keys: unknown[] = Array.isArray(answer.value.keys) ? answer.value.keys : [];
  return { ok: true, value: keys.filter(isAddressable) };
}

export function readValue(base: string, key: string): Promise<Result<StoredValue>> {
  const sentMs = performance.now();
  return call(base, dataPath(key), {}, async ({ headers, body }) => {
    const { bytes, whole } = await readBeginning(body);
    return {
      bytes,
      whole,
      version: headers.get('X-Repram-Version') ?? '',
      createdAtMs: Date.parse(headers.get('X-Created-At') ?? ''),
      ttlSeconds: Number(headers.get('X-Original-TTL')),
      remainingSeconds: Number(headers.get('X-Remaining-TTL')),
      roundTripMs: performance.now() - sentMs,
    };
  });
}

/** Stores `body` under `key`, which is confirmed by the quorum or not. */
export function putValue(
  base: string,
  key: string,
  body: Uint8Array<ArrayBuffer>,
  ttlSeconds: number,
): Promise<Result<Receipt>> {
  const path = `${dataPath(key)}?ttl=${ttlSeconds}`;
  return call(base, path, { method: 'PUT', body }, ({ status, headers }) => ({
    replicating: status === 202,
    ttlSeconds: Number(headers.get('X-TTL') ?? ttlSeconds),
    nodes: headers.get('X-Repram-Acks') ?? '',
    hosts: headers.get('X-Repram-Ack-Hosts') ?? '',
  }));
}

/** A lone surrogate cannot be written into an address. */
export function isAddressable(key: unknown): key is string {
  return typeof key === 'string' && key !== '' && !/\p{Surrogate}/u.test(key);
}

function dataPath(key: string): string {
  return `data/${encodeURIComponent(key)}`;
}

/** Reads at most READ_BYTES_MAX and lets go of the rest. */
async function readBeginning(
  body: ReadableStream<Uint8Array> | null,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; whole: boolean }> {
  const bytes = new Uint8Array(READ_BYTES_MAX);
  const reader = body?.getReader();
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
