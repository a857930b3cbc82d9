// The status that rides on pings and their acks, as bytes.
import { FIGURE_MAX, LISTS, SEQUENCE_MAX, WALL_MS_MAX } from './bounds';
import type { ByteReader, ByteWriter } from './bytes';
import { readList } from './lists';
import type { Digest, Status, Watermark } from './messages';

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
  writer.f64(Math.min(WALL_MS_MAX, Math.max(0, status.wallMs)));
  writer.u8((status.ready ? 1 : 0) | (status.full ? 2 : 0));
  writer.i32(status.viewHash);
  writer.i32(status.root.a);
  writer.i32(status.root.b);
  writer.varint(status.seq, SEQUENCE_MAX);
  const marks = status.marks.slice(0, LISTS.marks);
  writer.varint(marks.length, LISTS.marks);
  for (const { origin, through } of marks) {
    writer.nodeId(origin);
    writer.varint(through, SEQUENCE_MAX);
  }
  for (const part of DIGEST_PARTS) writer.varint(status.digest[part], FIGURE_MAX);
}

export function readStatus(reader: ByteReader): Status {
  const wallMs = reader.f64();
  if (wallMs < 0 || wallMs > WALL_MS_MAX) reader.ok = false;
  const flags = reader.u8();
  const viewHash = reader.i32();
  const root = { a: reader.i32(), b: reader.i32() };
  const seq = reader.varint(SEQUENCE_MAX);
  const marks = readList(reader, LISTS.marks, readWatermark);
  const digest = Object.fromEntries(
    DIGEST_PARTS.map((part) => [part, reader.varintUpTo(FIGURE_MAX)]),
  ) as Record<(typeof DIGEST_PARTS)[number], number>;
  return { wallMs, ready: (flags & 1) !== 0, full: (flags & 2) !== 0, viewHash, root, seq, marks, digest };
}

function readWatermark(reader: ByteReader): Watermark {
  return { origin: reader.nodeId(), through: reader.varint(SEQUENCE_MAX) };
}
