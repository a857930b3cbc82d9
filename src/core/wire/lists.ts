// Counted lists on the wire.
import type { ByteReader } from './byte-reader';

/**
 * A count (unless `given`) and that many items; more than `countMax`, or a bad item, is the
 * reader's problem.
 */
export function readList<T>(
  reader: ByteReader,
  countMax: number,
  readItem: (reader: ByteReader) => T,
  given?: number,
): T[] {
  const count = given ?? reader.varint(countMax);
  if (count > countMax) reader.fail('a longer list than may be');
  const items: T[] = [];
  for (let i = 0; reader.ok && i < count; i += 1) items.push(readItem(reader));
  return items;
}
