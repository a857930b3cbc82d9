// The status that rides on pings and their acks, as bytes.
import type { ByteReader, ByteWriter } from './bytes';
import { readList } from './lists';
import type { Digest, Status, Watermark } from './messages';

const MARKS_MAX = 1024;
/** Until the year 2109: stamps made from it stay safe integers, and dates can be written. */
const WALL_MS_MAX = 2 ** 42;
const DIGEST_PARTS = [
  'keys',
  'usedBytes',
  'limitBytes',
  'putsPerSecond',
  'getsPerSecond',
  'loopDelayMs',
  'missingWrites',
] as const satisfies readonly (keyof Digest)[];

export function writeStatus(writer: ByteWriter, status: Status): void {
  writer.f64(status.wallMs);
  writer.u8((status.ready ? 1 : 0) | (status.full ? 2 : 0));
  writer.i32(status.viewHash);
  writer.i32(status.root.a);
  writer.i32(status.root.b);
  writer.varint(status.seq);
  writer.varint(status.marks.length);
  for (const { origin, through } of status.marks) {
    writer.nodeId(origin);
    writer.varint(through);
  }
  for (const part of DIGEST_PARTS) writer.varint(status.digest[part]);
}

export function readStatus(reader: ByteReader): Status {
  const wallMs = reader.f64();
  if (wallMs < 0 || wallMs > WALL_MS_MAX) reader.ok = false;
  const flags = reader.u8();
  const viewHash = reader.i32();
  const root = { a: reader.i32(), b: reader.i32() };
  const seq = reader.varint();
  const marks = readList(reader, MARKS_MAX, readWatermark);
  const digest = Object.fromEntries(DIGEST_PARTS.map((part) => [part, reader.varint()])) as Record<
    (typeof DIGEST_PARTS)[number],
    number
  >;
  return { wallMs, ready: (flags & 1) !== 0, full: (flags & 2) !== 0, viewHash, root, seq, marks, digest };
}

function readWatermark(reader: ByteReader): Watermark {
  return { origin: reader.nodeId(), through: reader.varint() };
}
