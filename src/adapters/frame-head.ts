// The head of a WebSocket frame that a node sends: one binary message, whole (RFC 6455, 5.2).
/** Of zeros. */
const MASK_BYTES = 4;

/** FIN and opcode 2. */
export const BINARY_WHOLE = 0x82;
export const MASKED = 0x80;
/** A length of two bytes follows, or one of eight. */
export const LENGTH_16 = 126;
export const LENGTH_64 = 127;

/** Bytes of the head of a message with so many bytes. */
export function headBytes(length: number, isDialer: boolean): number {
  const lengthBytes = length < LENGTH_16 ? 0 : length < 65_536 ? 2 : 8;
  return 2 + lengthBytes + (isDialer ? MASK_BYTES : 0);
}

/** Writes it at the start of `target`. The mask of a dialer is zeros (./peer-dial.ts). */
export function writeHead(target: Buffer, length: number, isDialer: boolean): number {
  const mark = isDialer ? MASKED : 0;
  target[0] = BINARY_WHOLE;
  let at = 2;
  if (length < LENGTH_16) target[1] = mark | length;
  else if (length < 65_536) {
    target[1] = mark | LENGTH_16;
    at = target.writeUInt16BE(length, at);
  } else {
    target[1] = mark | LENGTH_64;
    at = target.writeUInt32BE(0, at);
    at = target.writeUInt32BE(length, at);
  }
  return isDialer ? target.writeUInt32BE(0, at) : at;
}
