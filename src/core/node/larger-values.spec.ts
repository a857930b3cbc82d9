// A node whose peers take larger values from their clients than it does from its own.
import { bulkFrame, frameOf } from '../../../test/support/core/forged-frames';
import { LoneCore } from '../../../test/support/core/lone-core';
import { entry } from '../../../test/support/core/records';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { MESSAGE_BYTES_MAX, VALUE_BYTES_MAX } from '../base/bounds';
import { LIMITS } from '../base/limits';
import { writeChunk } from '../wire/codec';
import { FRAME_HEADER_BYTES } from '../wire/messages';

const MIB = 1024 * 1024;
/** As little as there may be for values of up to a megabyte. */
const SETTINGS = {
  valueBytesMax: MIB,
  queueBytesMax: MIB,
  assemblyBytesMax: 2 * MIB,
  storageBytesMax: 64 * MIB,
  replicationFactor: 1,
};
const PEERS = ['b', 'c', 'd', 'e', '1', '2', '3', '4'];

function chunk(total: number, offset: number, bytes: Uint8Array): Uint8Array {
  return frameOf((writer) => writeChunk(writer, { transfer: 1, total, offset, bytes }));
}

/** A large write of a peer's own, in frames of one chunk each. */
function writeOf({ id }: ScriptedPeer, victim: LoneCore, key: string, valueBytes: number): Uint8Array[] {
  const { wallMs, monoMs } = victim;
  const value = new Uint8Array(valueBytes);
  const expiresAtMs = monoMs + 3_600_000;
  const held = entry({ atMs: wallMs, key, origin: id, value, ttlMs: 3_600_000, expiresAtMs });
  const whole = bulkFrame({ type: 'write', entry: held }, id, monoMs).subarray(FRAME_HEADER_BYTES);
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < whole.length; offset += LIMITS.chunkBytes)
    frames.push(chunk(whole.length, offset, whole.subarray(offset, offset + LIMITS.chunkBytes)));
  return frames;
}

it('a node takes the greatest value and the longest key from a peer, and gives them to others', () => {
  const victim = new LoneCore(SETTINGS);
  const [writer, reader] = ['a', 'b'].map((digit) => new ScriptedPeer(victim, digit));
  const key = 'k'.repeat(4096);
  writer.sendsFrames(writeOf(writer, victim, key, VALUE_BYTES_MAX));
  expect(victim.closed).toEqual([]);
  expect(writer.hears('acks').flatMap(({ acks }) => acks)).toEqual([{ seq: 1, status: 'held' }]);
  reader.says({ type: 'fetch', requestId: 1, key, minVersion: null, isMetadataOnly: false });
  reader.reads();
  const given = reader.hears('chunk').reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(given).toBeGreaterThan(VALUE_BYTES_MAX);
});

it('a node holds of what many send in part no more than one of the greatest values', () => {
  const victim = new LoneCore(SETTINGS);
  const peers = PEERS.map((digit) => new ScriptedPeer(victim, digit));
  const piece = new Uint8Array(LIMITS.chunkBytes);
  let most = 0;
  for (let offset = 0; offset < VALUE_BYTES_MAX / 4; offset += LIMITS.chunkBytes) {
    for (const peer of peers) peer.sendsFrames([chunk(MESSAGE_BYTES_MAX, offset, piece)]);
    most = Math.max(most, victim.core.report().replication.assemblingBytes);
  }
  expect(victim.closed).toEqual([]);
  expect(most).toBeGreaterThan(VALUE_BYTES_MAX / 2);
  expect(most).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
});
