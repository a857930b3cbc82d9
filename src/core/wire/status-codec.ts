// The status that rides on pings and their acks, as bytes.
import { FIGURE_MAX, LISTS, SEQUENCE_MAX, SPAN_MS_MAX, WALL_MS_MAX } from '../base/bounds';
import type { ToldLine } from '../base/told-line';
import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';
import { readList } from './lists';
import type { NodeLoad } from '../base/report';
import type { Status, Watermark } from './messages';

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
  writeLoad(writer, status.load);
  const lines = status.lines.slice(0, LISTS.lines);
  writer.varint(lines.length, LISTS.lines);
  for (const { wallMs, keptForMs } of lines) {
    writer.f64(Math.min(WALL_MS_MAX, Math.max(0, wallMs)));
    writer.varint(Math.round(Math.max(0, keptForMs)), SPAN_MS_MAX);
  }
}

export function readStatus(reader: ByteReader): Status {
  const wallMs = reader.f64();
  if (wallMs < 0 || wallMs > WALL_MS_MAX) reader.fail('no wall clock');
  const flags = reader.u8();
  const viewHash = reader.i32();
  const root = { a: reader.i32(), b: reader.i32() };
  const seq = reader.varint(SEQUENCE_MAX);
  const marks = readList(reader, LISTS.marks, readWatermark);
  const load = readLoad(reader);
  const lines = readList(reader, LISTS.lines, readLine);
  return {
    wallMs,
    ready: (flags & 1) !== 0,
    full: (flags & 2) !== 0,
    viewHash,
    root,
    seq,
    marks,
    load,
    lines,
  };
}

function writeLoad(writer: ByteWriter, load: NodeLoad): void {
  writer.varint(load.keys, FIGURE_MAX);
  writer.varint(load.usedBytes, FIGURE_MAX);
  writer.varint(load.limitBytes, FIGURE_MAX);
  writer.varint(load.putsPerSecond, FIGURE_MAX);
  writer.varint(load.getsPerSecond, FIGURE_MAX);
  writer.varint(load.loopDelayMs, FIGURE_MAX);
  writer.varint(load.missingWrites, FIGURE_MAX);
}

/** In the order of `writeLoad`. */
function readLoad(reader: ByteReader): NodeLoad {
  return {
    keys: reader.varintUpTo(FIGURE_MAX),
    usedBytes: reader.varintUpTo(FIGURE_MAX),
    limitBytes: reader.varintUpTo(FIGURE_MAX),
    putsPerSecond: reader.varintUpTo(FIGURE_MAX),
    getsPerSecond: reader.varintUpTo(FIGURE_MAX),
    loopDelayMs: reader.varintUpTo(FIGURE_MAX),
    missingWrites: reader.varintUpTo(FIGURE_MAX),
  };
}

function readLine(reader: ByteReader): ToldLine {
  const wallMs = reader.f64();
  if (!(wallMs >= 0 && wallMs <= WALL_MS_MAX)) reader.fail('no wall clock');
  return { wallMs, keptForMs: reader.varint(SPAN_MS_MAX) };
}

function readWatermark(reader: ByteReader): Watermark {
  return { origin: reader.nodeId(), through: reader.varint(SEQUENCE_MAX) };
}
