// Keys as clients write them in a path: percent-encoded UTF-8, `/` raw or as %2F. Pure.
import { isUtf8 } from 'node:buffer';

export type KeyReading =
  | { readonly kind: 'key'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too-long'; readonly bytes: number }
  /** The client means another key than the path names: the path was changed on the way. */
  | { readonly kind: 'altered'; readonly stated: string }
  /** `problem` completes the sentence "The key ...". */
  | { readonly kind: 'invalid'; readonly problem: string };

const PERCENT = 37;

/** `encoded` holds one character per byte received, as Node.js hands out request targets. */
export function readKey(encoded: string, keyBytesMax: number): KeyReading {
  if (encoded === '') return { kind: 'missing' };
  const bytes = encoded.includes('%') ? percentDecode(encoded) : Buffer.from(encoded, 'latin1');
  if (bytes === null) {
    return { kind: 'invalid', problem: 'has a % that two hexadecimal digits do not follow' };
  }
  if (bytes.length > keyBytesMax) return { kind: 'too-long', bytes: bytes.length };
  if (!isUtf8(bytes)) return { kind: 'invalid', problem: 'is not UTF-8 after percent-decoding' };
  return { kind: 'key', bytes };
}

function percentDecode(encoded: string): Buffer | null {
  const bytes = Buffer.allocUnsafe(encoded.length);
  let length = 0;
  for (let at = 0; at < encoded.length; at++) {
    let code = encoded.charCodeAt(at);
    if (code === PERCENT) {
      code = hexDigit(encoded.charCodeAt(at + 1)) * 16 + hexDigit(encoded.charCodeAt(at + 2));
      if (Number.isNaN(code)) return null;
      at += 2;
    }
    bytes[length++] = code;
  }
  return bytes.subarray(0, length);
}

/** The value of one hexadecimal digit given as a character code; NaN for anything else. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : Number.NaN;
}
