// The stream of changes, taken apart as the scripts put it together (scripts.ts).
import { type Place, readPlace } from './place';
import type { Reply } from './wire-reader';

/** In front of the changes of an entry, and of each of them. */
const [COUNT_BYTES, LENGTH_BYTES] = [2, 2];

/** One change. */
export interface Entry {
  readonly bucket: number;
  readonly place: Place;
  readonly bytes: Buffer;
}

/** Those of an entry share its place; each is behind its length (scripts.ts). */
export function entriesOf(bucket: number, reply: Reply): Entry[] {
  const all: Entry[] = [];
  for (const [id, [, told]] of reply as readonly (readonly [Buffer, readonly Buffer[]])[]) {
    const place = readPlace(id);
    for (let at = COUNT_BYTES; at < told.length;) {
      const end = at + LENGTH_BYTES + told.readUInt16BE(at);
      all.push({ bucket, place, bytes: told.subarray(at + LENGTH_BYTES, end) });
      at = end;
    }
  }
  return all;
}
