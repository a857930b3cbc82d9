// How far a reader of changes has been told, in a form that every node understands: how much of
// each origin's writes, and which values' ends. It is a summary vector (Demers et al. 1987) with a
// time. It holds no history, and no node keeps any for it: what a reader misses is whatever is
// newer than its position among the versions that are known.
import { MONOTONIC_MS_MAX, SEQUENCE_MAX, WALL_MS_MAX } from '../base/bounds';
import type { NodeId } from '../base/identity';
import { ByteReader } from '../wire/byte-reader';
import { ByteWriter } from '../wire/byte-writer';
import { readList } from '../wire/lists';

const FORM = 1;
const BYTES = 256;
/**
 * Origins named; of the others all is told again. A client can send back what is written of so
 * many.
 */
const ORIGINS_MAX = 400;

export interface Position {
  /** The node that told. */
  readonly node: NodeId;
  /**
   * All values that ended before this were told of, in milliseconds of that node's monotonic clock.
   */
  readonly endedThroughMs: number;
  /** The same by the time that the node stamps with, milliseconds since 1970. */
  readonly endedThroughTimeMs: number;
  /**
   * Of each origin the number up to which all its writes were told, or are known to be replaced.
   */
  readonly through: ReadonlyMap<NodeId, number>;
  /** The greatest number that may have been told of an origin, where it is greater than that. */
  readonly beyond: ReadonlyMap<NodeId, number>;
}

export function writePosition(position: Position): Uint8Array {
  const writer = new ByteWriter(BYTES);
  writer.u8(FORM);
  writer.nodeId(position.node);
  writer.f64(position.endedThroughMs);
  writer.f64(position.endedThroughTimeMs);
  const origins = [...position.through].slice(0, ORIGINS_MAX);
  writer.varint(origins.length, ORIGINS_MAX);
  for (const [origin, through] of origins) {
    writer.nodeId(origin);
    writer.varint(through, SEQUENCE_MAX);
    writer.varint((position.beyond.get(origin) ?? through) - through, SEQUENCE_MAX);
  }
  return writer.take();
}

/** Null for what `writePosition` did not write. */
export function readPosition(bytes: Uint8Array): Position | null {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== FORM) return null;
  const node = reader.nodeId();
  const endedThroughMs = reader.f64();
  const endedThroughTimeMs = reader.f64();
  const told = readList(reader, ORIGINS_MAX, readTold);
  const areTimes =
    Math.abs(endedThroughMs) <= MONOTONIC_MS_MAX &&
    endedThroughTimeMs >= 0 &&
    endedThroughTimeMs <= WALL_MS_MAX;
  if (!reader.ok || reader.remaining > 0 || !areTimes) return null;
  const through = new Map(told.map((each) => [each.origin, each.through]));
  const further = told.filter(({ by }) => by > 0);
  const beyond = new Map(further.map((each) => [each.origin, each.through + each.by]));
  return { node, endedThroughMs, endedThroughTimeMs, through, beyond };
}

function readTold(reader: ByteReader): { origin: NodeId; through: number; by: number } {
  return { origin: reader.nodeId(), through: reader.varint(SEQUENCE_MAX), by: reader.varint(SEQUENCE_MAX) };
}
