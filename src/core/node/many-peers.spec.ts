// What many peers can make one node hold, that read nothing and say half of something.
import { LoneCore } from '../../../test/support/core/lone-core';
import { bulkFrame, frameOf } from '../../../test/support/core/forged-frames';
import { heldBytes } from '../../../test/support/processes/retained-memory';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { entry } from '../../../test/support/core/records';
import { LIMITS } from '../base/limits';
import type { Bulk } from '../wire/messages';
import { writeChunk } from '../wire/codec';
import { FRAME_HEADER_BYTES } from '../wire/messages';

const MIB = 1024 * 1024;
const VALUE_BYTES = 4 * MIB;
const PEERS = 30;
const SETTINGS = {
  valueBytesMax: VALUE_BYTES,
  queueBytesMax: VALUE_BYTES,
  storageBytesMax: 64 * MIB,
};

const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => (at + 16).toString(16).padStart(2, '0'));

function value(at: number): string {
  return String.fromCharCode(97 + at).repeat(VALUE_BYTES - 1000);
}

function queuedBytes({ core }: LoneCore): number {
  return core.report().replication.queuedBytes;
}

describe('a node whose many peers read nothing', () => {
  it('holds a value once for all of them, on its way too', () => {
    const victim = new LoneCore(SETTINGS);
    for (const id of ids(PEERS)) new ScriptedPeer(victim, id);
    const before = heldBytes();
    victim.put('large', value(0), 'one');
    victim.sent.splice(0);
    expect(heldBytes() - before).toBeLessThan(3 * VALUE_BYTES);
    expect(victim.core.audit()).toEqual([]);
  });

  it('queues no more for all of them than may wait, and one value, however often it is written', () => {
    const victim = new LoneCore(SETTINGS);
    for (const id of ids(PEERS)) new ScriptedPeer(victim, id);
    const before = heldBytes();
    for (let at = 0; at < 12; at += 1) {
      victim.put('large', value(at), 'one');
      expect(queuedBytes(victim)).toBeLessThanOrEqual(2 * VALUE_BYTES + 4096);
      victim.sent.splice(0);
    }
    expect(heldBytes() - before).toBeLessThan(4 * VALUE_BYTES);
  });

  it('gives no room to those that came and went', () => {
    const victim = new LoneCore(SETTINGS);
    const peers = ids(PEERS).map((id) => new ScriptedPeer(victim, id));
    victim.put('large', value(0), 'one');
    expect(queuedBytes(victim)).toBeGreaterThan(VALUE_BYTES / 2);
    for (const peer of peers) peer.unlink();
    expect(queuedBytes(victim)).toBe(0);
  });

  it('sends everything to the one that reads', () => {
    const victim = new LoneCore(SETTINGS);
    const reader = new ScriptedPeer(victim, 'a');
    for (const id of ids(PEERS)) new ScriptedPeer(victim, id);
    for (let at = 0; at < 8; at += 1) {
      expect(victim.put('large', value(at), 'one')?.kind).toBe('held');
      reader.reads();
    }
    const last = reader.hears('chunk').filter(({ offset, bytes, total }) => offset + bytes.length === total);
    expect(last).toHaveLength(8);
  });

  it('counts on none whose queue gave way', () => {
    const victim = new LoneCore(SETTINGS);
    const [behind, reader] = ['a', 'b'].map((id) => new ScriptedPeer(victim, id));
    victim.put('first', value(0), 'one');
    reader.reads();
    victim.put('second', value(1), 'one');
    reader.reads();
    victim.put('third', value(2), 'one');
    victim.advance(1);
    reader.reads();
    behind.says({ type: 'gapRequest', session: 1, from: 1, to: 3 });
    behind.reads();
    expect(behind.hears('syncEnd')).toEqual([{ type: 'syncEnd', session: 1, through: 3 }]);
  });
});

/** A large write of a peer's own, in frames of one chunk each. */
function framesOf({ id }: ScriptedPeer, { wallMs, monoMs }: LoneCore, session?: number): Uint8Array[] {
  const held = entry({
    atMs: wallMs,
    key: `of ${id}`,
    origin: id,
    value: new Uint8Array(VALUE_BYTES),
    ttlMs: 3_600_000,
    expiresAtMs: monoMs + 3_600_000,
  });
  const message: Bulk =
    session === undefined
      ? { type: 'write', entry: held }
      : { type: 'syncRecords', session, entries: [held] };
  const whole = bulkFrame(message, id, monoMs).subarray(FRAME_HEADER_BYTES);
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < whole.length; offset += LIMITS.chunkBytes) {
    const bytes = whole.subarray(offset, offset + LIMITS.chunkBytes);
    frames.push(
      frameOf((writer) => {
        writeChunk(writer, { transfer: 1, total: whole.length, offset, bytes });
      }, monoMs),
    );
  }
  return frames;
}

function assemblingBytes({ core }: LoneCore): number {
  return core.report().replication.assemblingBytes;
}

describe('a node to which many peers say half of something large', () => {
  const settings = { ...SETTINGS, assemblyBytesMax: 2 * VALUE_BYTES, replicationFactor: 1 };

  function crowded(): { victim: LoneCore; peers: ScriptedPeer[] } {
    const victim = new LoneCore(settings);
    return { victim, peers: ids(PEERS).map((id) => new ScriptedPeer(victim, id)) };
  }

  it('holds what has come, and nothing for what has not', () => {
    const { victim, peers } = crowded();
    const before = heldBytes();
    for (const peer of peers) peer.sendsFrames(framesOf(peer, victim).slice(0, 1));
    expect(assemblingBytes(victim)).toBeLessThan(2 * PEERS * LIMITS.chunkBytes);
    expect(heldBytes() - before).toBeLessThan(PEERS * 4 * LIMITS.chunkBytes);
  });

  it('holds no more than may wait, closes on nobody, and lets go of what stands still', () => {
    const { victim, peers } = crowded();
    const before = heldBytes();
    for (const peer of peers) peer.sendsFrames(framesOf(peer, victim).slice(0, -1));
    expect(assemblingBytes(victim)).toBeGreaterThan(VALUE_BYTES);
    expect(assemblingBytes(victim)).toBeLessThanOrEqual(2 * VALUE_BYTES + 8192);
    expect(heldBytes() - before).toBeLessThan(4 * VALUE_BYTES);
    victim.advance(900);
    expect(victim.closed).toEqual([]);
    victim.advance(6000);
    expect(assemblingBytes(victim)).toBe(0);
  });

  it('takes from others what is sent in full meanwhile', () => {
    const { victim, peers } = crowded();
    const honest = new ScriptedPeer(victim, 'a');
    for (const peer of peers) peer.sendsFrames(framesOf(peer, victim).slice(0, -1));
    victim.advance(1000);
    honest.sendsFrames(framesOf(honest, victim));
    expect(victim.read(`of ${honest.id}`)).toHaveLength(VALUE_BYTES);
  });

  it('takes two in full at least when all send theirs at the same time', () => {
    const { victim, peers } = crowded();
    const senders = peers.slice(0, 8);
    const all = senders.map((peer) => framesOf(peer, victim));
    for (const at of all[0].keys()) for (const [i, peer] of senders.entries()) peer.sendsFrames([all[i][at]]);
    const taken = senders.filter(({ id }) => victim.read(`of ${id}`) !== null);
    expect(taken.length).toBeGreaterThanOrEqual(2);
    expect(victim.closed).toEqual([]);
  });

  it('gives back the room of a link that is gone', () => {
    const { victim, peers } = crowded();
    for (const peer of peers) peer.sendsFrames(framesOf(peer, victim).slice(0, 2));
    for (const peer of peers) peer.unlink();
    expect(assemblingBytes(victim)).toBe(0);
  });

  it('does not take a repair for finished of which it had no room for a part', () => {
    const victim = new LoneCore(settings);
    const donor = new ScriptedPeer(victim, 'a');
    donor.tells({ seq: 0, root: victim.core.root() });
    donor.writes(1, 'first');
    donor.writes(3, 'third');
    for (let waits = 0; waits < 2; waits += 1) {
      donor.tells({ seq: 3 });
      victim.advance(600);
    }
    const [{ session }] = donor.hears('gapRequest');
    donor.sendsFrames(framesOf(donor, victim, session).slice(0, -1));
    victim.advance(1000);
    for (const peer of ids(PEERS).map((id) => new ScriptedPeer(victim, id)))
      peer.sendsFrames(framesOf(peer, victim).slice(0, -1));
    donor.says({ type: 'syncEnd', session, through: 3 });
    expect(victim.core.report().replication.missingWrites).toBe(1);
    // Once its time is over, and that of the comparison which has its turn then.
    for (let waits = 0; waits < 14; waits += 1) {
      donor.tells({ seq: 3 });
      victim.advance(1000);
    }
    expect(donor.hears('gapRequest')).toMatchObject([{ from: 2, to: 2 }]);
  });
});
