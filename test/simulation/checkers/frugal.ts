// Traffic is bounded by what was written: all frames of a run together are a small multiple of the
// values times their receivers, and heartbeats, whoever has no room for them. Binds where nothing
// is lost on the way.
import type { World } from '../world/world';
import type { Checker } from './checker';

/** Around a value on its way: key, version, ages, the frame, the acknowledgement. */
const RECORD_BYTES = 200;
/** Values cross once; repair of what overlaps with them may cost as much again. */
const COPIES_MAX = 2;
/** Pings, their answers and views, per pair of nodes and second. */
const HEARTBEAT_BYTES_PER_PAIR_SECOND = 1500;
/** Leaves of one comparison, and what joining costs, per node. */
const NODE_BYTES = 300_000;

export class Frugal implements Checker {
  readonly name = 'frugal';
  readonly isOptional = true;

  ended(world: World): string[] {
    const nodes = world.live().length;
    const pairs = (nodes * (nodes - 1)) / 2;
    const payload = world.history.writes.reduce(
      (sum, { valueBytes, key }) => sum + valueBytes + key.length + RECORD_BYTES,
      0,
    );
    const heartbeats = (pairs * HEARTBEAT_BYTES_PER_PAIR_SECOND * world.queue.nowMs) / 1000;
    const allowed = COPIES_MAX * payload * (nodes - 1) + heartbeats + nodes * NODE_BYTES;
    const { bytes } = world.watch.figures;
    return bytes <= allowed ? [] : [`${bytes} bytes were sent, ${Math.round(allowed)} are reasonable`];
  }
}
