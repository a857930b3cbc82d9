// Private messages: AES-GCM with 256 bits. The key is made here and is only in the link; nodes hold
// bytes that tell them nothing but their length, in steps of 256 bytes (docs/fade.md).

export const PRIVATE_PREFIX = 'fade-private/';
/** Characters of a private message. */
export const PRIVATE_TEXT_MAX = 2000;

const FORMAT = 1;
const NONCE_BYTES = 12;
const STEP_BYTES = 256;

export interface Sealed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The key, as 43 characters of base64url. */
  readonly secret: string;
}

/** Browsers do this only on pages that nobody on the way could have changed. */
export function canSeal(): boolean {
  return globalThis.isSecureContext && 'subtle' in crypto;
}

/** @param name the name that the bytes are stored under: they open under no other */
export async function seal(text: string, name: string): Promise<Sealed> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: bytesOf(name) },
    await keyFrom(secret, 'encrypt'),
    padded(JSON.stringify({ v: 1, text })),
  );
  const bytes = new Uint8Array(1 + NONCE_BYTES + sealed.byteLength);
  bytes.set([FORMAT]);
  bytes.set(nonce, 1);
  bytes.set(new Uint8Array(sealed), 1 + NONCE_BYTES);
  return { bytes, secret: toBase64Url(secret) };
}

/** @returns null when the secret does not fit, or the bytes are no private message. */
export async function unseal(
  bytes: Uint8Array<ArrayBuffer>,
  secret: string,
  name: string,
): Promise<string | null> {
  try {
    if (bytes[0] !== FORMAT) return null;
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: bytes.subarray(1, 1 + NONCE_BYTES), additionalData: bytesOf(name) },
      await keyFrom(fromBase64Url(secret), 'decrypt'),
      bytes.subarray(1 + NONCE_BYTES),
    );
    const message: unknown = JSON.parse(new TextDecoder().decode(opened));
    const { text } = message as { readonly text?: unknown };
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}

function keyFrom(secret: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, 'AES-GCM', false, [use]);
}

/** JSON may end with spaces. */
function padded(json: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(json);
  const whole = new Uint8Array(Math.ceil(bytes.length / STEP_BYTES) * STEP_BYTES).fill(0x20);
  whole.set(bytes);
  return whole;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const standard = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(standard, (character) => character.charCodeAt(0));
}
