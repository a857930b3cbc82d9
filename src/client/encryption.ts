// Values that only holders of a key can read: AES-GCM with 128-bit tags (NIST SP 800-38D).
//
//   1 byte   the format, 1
//   12 bytes a nonce, random for each write
//   the rest what AES-GCM makes of the value, 16 bytes longer than it
//
// The additional data are the bytes "repram/1", a zero byte, and the name of the key as UTF-8: a
// value that a node gives under another name is refused.
import { RepramError } from './errors';
import type { AesKey, EncryptionKey } from './options';

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES;
const KEY_BYTES = 32;
/** As many bytes in base64url. */
const KEY_TEXT = /^[A-Za-z0-9_-]{43}=?$/;
/** A value is held whole, because nothing of it counts before its end was checked. */
export const SEALED_BYTES_MAX = 64 * 1024 * 1024;

/** As much of WebCrypto as is used here, by the same names. */
interface Subtle {
  importKey(
    format: 'raw',
    bytes: Uint8Array,
    algorithm: 'AES-GCM',
    extractable: boolean,
    usages: readonly string[],
  ): Promise<AesKey>;
  encrypt(how: Parameters, key: AesKey, bytes: Uint8Array): Promise<ArrayBuffer>;
  decrypt(how: Parameters, key: AesKey, bytes: Uint8Array): Promise<ArrayBuffer>;
}

interface Parameters {
  readonly name: 'AES-GCM';
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
}

export class Encryption {
  private readonly subtle: Subtle;
  private readonly key: Promise<AesKey>;

  /** @throws RepramError `argument-invalid` */
  constructor(given: EncryptionKey) {
    // Pages that are not from https or localhost have none.
    const subtle: unknown = (globalThis.crypto as { readonly subtle?: unknown } | undefined)?.subtle;
    if (subtle === undefined)
      throw new RepramError('argument-invalid', 'encryptionKey needs WebCrypto, which is not here.');
    this.subtle = subtle as Subtle;
    this.key = Promise.resolve(isAesKey(given) ? given : this.imported(given));
    // Whoever uses it hears of it.
    this.key.catch(() => undefined);
  }

  static generateKey(): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  }

  async seal(name: string, value: Uint8Array): Promise<Uint8Array> {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const secret = await this.subtle.encrypt(parameters(nonce, name), await this.key, value);
    const sealed = new Uint8Array(HEAD_BYTES + secret.byteLength);
    sealed[0] = FORMAT;
    sealed.set(nonce, 1);
    sealed.set(new Uint8Array(secret), HEAD_BYTES);
    return sealed;
  }

  /** @throws RepramError `decryption-failed` */
  async open(name: string, sealed: Uint8Array): Promise<Uint8Array> {
    if (sealed[0] !== FORMAT || sealed.byteLength < HEAD_BYTES + TAG_BYTES) throw undecryptable(name, null);
    const how = parameters(sealed.subarray(1, HEAD_BYTES), name);
    try {
      return new Uint8Array(await this.subtle.decrypt(how, await this.key, sealed.subarray(HEAD_BYTES)));
    } catch (error) {
      throw undecryptable(name, error);
    }
  }

  private imported(given: Uint8Array | string): Promise<AesKey> {
    const bytes = typeof given === 'string' ? fromBase64Url(given) : given;
    if (bytes.byteLength !== KEY_BYTES)
      throw new RepramError(
        'argument-invalid',
        `encryptionKey has ${bytes.byteLength} bytes, not ${KEY_BYTES}.`,
      );
    return this.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  }
}

function parameters(iv: Uint8Array, name: string): Parameters {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(`repram/1\0${name}`) };
}

function isAesKey(given: EncryptionKey): given is AesKey {
  return typeof given === 'object' && 'algorithm' in given;
}

function fromBase64Url(text: string): Uint8Array {
  if (!KEY_TEXT.test(text))
    throw new RepramError(
      'argument-invalid',
      `encryptionKey is text, and not ${KEY_BYTES} bytes in base64url.`,
    );
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function undecryptable(name: string, cause: unknown): RepramError {
  const message = `The value of ${JSON.stringify(name)} is not encrypted for it with this key, or was altered.`;
  return new RepramError('decryption-failed', message, { cause });
}
