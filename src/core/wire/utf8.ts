// Whether bytes are well-formed UTF-8 (RFC 3629, section 4: no overlong forms, no surrogates,
// nothing beyond U+10FFFF). The core has no other use of text in keys; clients can name no other
// keys, and a listing that shows one never ends.

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
