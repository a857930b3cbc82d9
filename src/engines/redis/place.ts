// Places in the streams of changes. An entry's id is the time by the server's clock, which never
// goes back, and a number for those of the same millisecond. So one time says how far somebody is
// in all of them.
import { createHash } from 'node:crypto';

export interface Place {
  readonly ms: number;
  /** Infinity = the last of its millisecond. */
  readonly seq: number;
}

const SEQ_MAX = '18446744073709551615';
const [DASH, ZERO] = [0x2d, 0x30];
const FORM = 0x52;
const POSITION_BYTES = 11;

/** An id as the server writes it: two numbers with a dash between them. */
export function readPlace(id: Buffer): Place {
  const numbers = [0, 0];
  let at = 0;
  for (const digit of id) {
    if (digit === DASH) at = 1;
    else numbers[at] = numbers[at] * 10 + digit - ZERO;
  }
  return { ms: numbers[0], seq: numbers[1] };
}

export function placeText({ ms, seq }: Place): string {
  return `${ms}-${seq === Infinity ? SEQ_MAX : seq}`;
}

/** The last one before this millisecond. */
export function before(ms: number): Place {
  return { ms: Math.max(0, ms - 1), seq: Infinity };
}

export function comparePlaces(a: Place, b: Place): number {
  return a.ms === b.ms ? Number(a.seq > b.seq) - Number(a.seq < b.seq) : a.ms - b.ms;
}

/** Everything before this millisecond was told. */
export function writePosition(cluster: string, ms: number): string {
  const bytes = Buffer.alloc(POSITION_BYTES);
  bytes[0] = FORM;
  nameHash(cluster).copy(bytes, 1);
  bytes.writeUIntBE(ms, 5, 6);
  return bytes.toString('base64url');
}

/** Null for what is no position of this network. */
export function readPosition(cluster: string, text: string): number | null {
  const bytes = Buffer.from(text, 'base64url');
  const isOurs =
    bytes.length === POSITION_BYTES && bytes[0] === FORM && bytes.subarray(1, 5).equals(nameHash(cluster));
  return isOurs ? bytes.readUIntBE(5, 6) : null;
}

function nameHash(cluster: string): Buffer {
  return createHash('sha256').update(cluster).digest().subarray(0, 4);
}
