// What the nodes of a cluster prove to each other instead of the secret itself: two keys stretched
// from it. Each guess costs an attacker as much as it costs a node once, at its start
// (docs/adr/0032-links-between-hosts-are-encrypted.md).
import { hkdfSync, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

export interface ClusterKeys {
  /** Pre-shared key of the TLS between hosts. */
  readonly channel: Buffer;
  /** Of the proofs in greetings, and of the tags on frames of one host. */
  readonly greeting: Buffer;
}

const KEY_BYTES = 32;

/**
 * scrypt (RFC 7914): 16 MiB and about a fifth of a second of a processor (200 ms with Node.js 20),
 * once for each node process and for each guess.
 */
const STRETCHING = { N: 2 ** 14, r: 8, p: 4, maxmem: 64 * 1024 * 1024 } as const;

const stretch = promisify<string, string, number, typeof STRETCHING, Buffer>(scrypt);

/**
 * Off the event loop. Equal for equal secret and cluster. What one key is good for tells nothing of
 * the other (RFC 5869).
 */
export async function clusterKeys(secret: string, cluster: string): Promise<ClusterKeys> {
  const stretched = await stretch(secret, `repram cluster keys\0${cluster}`, KEY_BYTES, STRETCHING);
  const keyFor = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', stretched, '', `repram ${purpose}`, KEY_BYTES));
  return { channel: keyFor('channel between hosts'), greeting: keyFor('greeting') };
}
