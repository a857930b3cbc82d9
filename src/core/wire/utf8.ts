// UTF-8 without the TextEncoder of a platform: what is well-formed (RFC 3629, section 4: no
// overlong forms, no surrogates, nothing beyond U+10FFFF), and text to bytes and back. Keys only
// have to be well-formed: clients can name no other keys, and a listing that shows one never ends.

/** Of a byte, or of a UTF-16 unit. */
export function isPrintableAscii(unit: number): boolean {
  return unit >= 0x20 && unit <= 0x7e;
}

/** Bytes `from` to `to`, `to` not included. */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to;) {
    if (bytes[at] < 0x80) {
      at += 1;
      continue;
    }
    const length = sequenceLength(bytes, at, to);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** How many bytes the sequence of several that begins here has; 0 when it is none. */
function sequenceLength(bytes: Uint8Array, at: number, to: number): number {
  const lead = bytes[at];
  const length = lengthByLead(lead);
  if (length === 0 || at + length > to) return 0;
  const second = bytes[at + 1];
  if (second < secondMin(lead) || second > secondMax(lead)) return 0;
  for (let next = at + 2; next < at + length; next += 1) if ((bytes[next] & 0xc0) !== 0x80) return 0;
  return length;
}

function lengthByLead(lead: number): number {
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

/** Below it the form is overlong. */
function secondMin(lead: number): number {
  if (lead === 0xe0) return 0xa0;
  return lead === 0xf0 ? 0x90 : 0x80;
}

/** Above it is a surrogate, or beyond the last character. */
function secondMax(lead: number): number {
  if (lead === 0xed) return 0x9f;
  return lead === 0xf4 ? 0x8f : 0xbf;
}

/** UTF-8 of `text`; a lone surrogate becomes U+FFFD. */
export function utf8Encode(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at += 1) {
    if (escaped[at] === '%') {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      bytes.push(escaped.charCodeAt(at));
    }
  }
  return Uint8Array.from(bytes);
}

/** How many bytes `utf8Encode` makes of it. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

/**
 * The longest beginning of well-formed UTF-8 that has at most `bytesMax` bytes and ends with a
 * character.
 */
export function utf8Cut(bytes: Uint8Array, bytesMax: number): Uint8Array {
  let end = Math.min(bytesMax, bytes.length);
  while (end > 0 && end < bytes.length && (bytes[end] & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

/** The text of well-formed UTF-8; null for anything else. */
export function utf8Decode(bytes: Uint8Array): string | null {
  if (!isUtf8(bytes, 0, bytes.length)) return null;
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  return decodeURIComponent(escaped);
}
