// Proof of the cluster's key, and what protects the frames of a link within one host. Both proofs
// cover the whole greeting (protocol version, cluster, both identities, both nonces) and the
// encrypted channel that it crosses, if any. So neither means anything elsewhere. They name the
// role, so neither can be sent back to its maker. On a bare socket each direction has its own key,
// derived from the same greeting. Every frame carries a counter and a tag, so that none can be
// changed, dropped, repeated or reordered. That is integrity, not secrecy, and enough on loopback.
// Between hosts there is TLS.
import { createHmac, timingSafeEqual } from 'node:crypto';

export type GreetingRole = 'dialer' | 'listener';

/** What both ends saw of the greeting. */
export interface Transcript {
  readonly hello: Uint8Array;
  readonly welcome: Uint8Array;
  /** Keying material of the channel (RFC 5705); empty on a bare socket. */
  readonly channel: Uint8Array;
}

const COUNTER_BYTES = 8;
const TAG_BYTES = 16;

/** Bytes that a tag and a counter add to a frame. */
export const FRAME_SEAL_BYTES = COUNTER_BYTES + TAG_BYTES;

/** 32 bytes that only an owner of `key` can make; none without one. */
export function linkProof(key: Buffer | null, role: GreetingRole, transcript: Transcript): Uint8Array {
  return key === null ? new Uint8Array(0) : keyed(key, `repram proof ${role}`, transcript);
}

/** Compares in constant time. */
export function proofMatches(given: Uint8Array, wanted: Uint8Array): boolean {
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/**
 * Seals what one end sends and opens what it receives. A frame on the wire is tag, counter,
 * payload.
 */
export class FrameSeal {
  private readonly sealKey: Buffer;
  private readonly openKey: Buffer;
  private sealed = 0n;
  private opened = 0n;

  constructor(key: Buffer, role: GreetingRole, transcript: Transcript) {
    const other = role === 'dialer' ? 'listener' : 'dialer';
    this.sealKey = keyed(key, `repram session ${role}`, transcript);
    this.openKey = keyed(key, `repram session ${other}`, transcript);
  }

  /** What goes in front of a frame, whose bytes are those of `pieces`. */
  front(...pieces: readonly Uint8Array[]): Buffer {
    const front = Buffer.allocUnsafe(FRAME_SEAL_BYTES);
    front.writeBigUInt64BE(this.sealed, TAG_BYTES);
    front.set(tag(this.sealKey, front.subarray(TAG_BYTES), ...pieces), 0);
    this.sealed += 1n;
    return front;
  }

  /** The frame within, a view. Null when it is not the next one or not the other end's. */
  open(sealed: Buffer): Uint8Array | null {
    if (sealed.length < FRAME_SEAL_BYTES) return null;
    if (sealed.readBigUInt64BE(TAG_BYTES) !== this.opened) return null;
    if (!timingSafeEqual(sealed.subarray(0, TAG_BYTES), tag(this.openKey, sealed.subarray(TAG_BYTES))))
      return null;
    this.opened += 1n;
    return sealed.subarray(FRAME_SEAL_BYTES);
  }
}

/** HMAC-SHA256 over the counter and the frame, cut to 128 bits (RFC 2104, section 5). */
function tag(key: Buffer, ...pieces: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const piece of pieces) hmac.update(piece);
  return hmac.digest().subarray(0, TAG_BYTES);
}

/** HMAC-SHA256 of `label` and the transcript, each with its length in front. */
function keyed(key: Buffer, label: string, transcript: Transcript): Buffer {
  const hmac = createHmac('sha256', key);
  for (const field of [Buffer.from(label), transcript.hello, transcript.welcome, transcript.channel]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    hmac.update(length).update(field);
  }
  return hmac.digest();
}
