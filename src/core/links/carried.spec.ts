// A large value that is on its way over a slow link, and a peer that misses it meanwhile.
import { bulkFrame, frameOf } from '../../../test/support/core/forged-frames';
import { LoneCore } from '../../../test/support/core/lone-core';
import { entry } from '../../../test/support/core/records';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { LIMITS } from '../base/limits';
import { TIMING } from '../base/settings';
import { LEAVES } from '../store/hash-tree';
import { writeChunk } from '../wire/codec';
import { FRAME_HEADER_BYTES, type Bulk } from '../wire/messages';

const MIB = 1024 * 1024;
/** More than a socket takes. */
const VALUE_BYTES = 8 * MIB;
const SETTINGS = { valueBytesMax: VALUE_BYTES, storageBytesMax: 64 * MIB };

/** A large write is half sent to a peer that reads no more. */
function sending(): { victim: LoneCore; peer: ScriptedPeer } {
  const victim = new LoneCore(SETTINGS);
  const peer = new ScriptedPeer(victim, 'a');
  peer.tells({ root: victim.core.root() });
  victim.put('small', 'v', 'one');
  victim.put('large', 'v'.repeat(VALUE_BYTES), 'one');
  peer.acks(1);
  // It is not counted on any more.
  peer.lives(6000);
  expect(queuedBytes(victim)).toBeGreaterThan(VALUE_BYTES);
  return { victim, peer };
}

function queuedBytes({ core }: LoneCore): number {
  return core.report().replication.queuedBytes;
}

/** How many large values came, and the ends of pulls behind the last. */
function received(peer: ScriptedPeer): { values: number; ends: number } {
  peer.reads();
  const all = peer.hearsAll();
  const whole = all.flatMap((each, at) =>
    each.type === 'chunk' && each.offset + each.bytes.length === each.total ? [at] : [],
  );
  const ends = all.filter(({ type }, at) => type === 'syncEnd' && at > (whole.at(-1) ?? -1));
  return { values: whole.length, ends: ends.length };
}

it.each([
  ['by its number', { type: 'gapRequest', session: 1, from: 1, to: 2 }],
  ['with all that is there', { type: 'syncRequest', session: 1, leaves: null }],
] as const)('asked for %s it is not sent again, and the end is told behind it', (_how, question) => {
  const { victim, peer } = sending();
  for (let round = 0; round < 4; round += 1) {
    peer.says(question);
    peer.lives(2000);
  }
  expect(queuedBytes(victim)).toBeLessThan(2 * VALUE_BYTES);
  const { values, ends } = received(peer);
  expect(values).toBe(1);
  expect(ends).toBeGreaterThanOrEqual(1);
});

it('a reader at the peer gets no further copy, unless the peer is full and cannot keep it', () => {
  const { victim, peer } = sending();
  const asks = (requestId: number): void =>
    peer.says({ type: 'fetch', requestId, key: 'large', minVersion: null, isMetadataOnly: false });
  for (const requestId of [1, 2, 3]) asks(requestId);
  expect(received(peer).values).toBe(1);
  asks(4);
  expect(received(peer).values).toBe(1);

  const { victim: other, peer: full } = sending();
  full.tells({ full: true });
  full.says({ type: 'fetch', requestId: 1, key: 'large', minVersion: null, isMetadataOnly: false });
  other.advance(1);
  expect(received(full).values).toBe(2);
  expect(victim.closed).toEqual([]);
});

/** Of a peer, in frames of one chunk each. */
function pieces(message: Bulk, { id }: ScriptedPeer, { monoMs }: LoneCore): Uint8Array[] {
  const whole = bulkFrame(message, id, monoMs).subarray(FRAME_HEADER_BYTES);
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < whole.length; offset += LIMITS.chunkBytes) {
    const bytes = whole.subarray(offset, offset + LIMITS.chunkBytes);
    frames.push(frameOf((writer) => writeChunk(writer, { transfer: 1, total: whole.length, offset, bytes })));
  }
  return frames;
}

function largeOf(peer: ScriptedPeer, { wallMs, monoMs }: LoneCore, seq: number): ReturnType<typeof entry> {
  const value = new Uint8Array(MIB);
  const expiresAtMs = monoMs + 3_600_000;
  return entry({ atMs: wallMs, key: 'k', seq, origin: peer.id, value, ttlMs: 3_600_000, expiresAtMs });
}

it('what is missing is not asked for while pieces come, and is at last', () => {
  const victim = new LoneCore(SETTINGS);
  const peer = new ScriptedPeer(victim, 'a');
  peer.tells({ root: victim.core.root() });
  peer.writes(1, 'first');
  const frames = pieces({ type: 'write', entry: largeOf(peer, victim, 2) }, peer, victim);
  for (const frame of frames) {
    peer.tells({ seq: 2 });
    peer.sendsFrames([frame]);
    victim.advance(TIMING.gapPatienceMs / 2);
  }
  expect(victim.read('k')).not.toBeNull();
  expect(peer.hears('gapRequest')).toEqual([]);
  // The next one is lost, and others come all the time.
  for (let seq = 4; peer.hears('gapRequest').length === 0 && seq < 20; seq += 1) {
    for (const frame of pieces({ type: 'write', entry: largeOf(peer, victim, seq) }, peer, victim)) {
      peer.tells({ seq });
      peer.sendsFrames([frame]);
      victim.advance(TIMING.gapPatienceMs / 2);
    }
    if (seq === 19) expect('asked for').toBe('never asked for');
  }
});

it('leaves that differ while pieces come are looked at again later, and not put off for ever', () => {
  const victim = new LoneCore(SETTINGS);
  const [peer, other] = ['a', 'b'].map((digit) => new ScriptedPeer(victim, digit));
  for (const each of [peer, other]) each.lives(500);
  const pulls: number[] = [];
  let compared = 0;
  const frames = pieces({ type: 'write', entry: largeOf(peer, victim, 1) }, peer, victim);
  for (let passedMs = 0; passedMs < 180_000 && pulls.length === 0; passedMs += 250) {
    // Begun anew before it is whole.
    if (passedMs % 500 === 0) peer.sendsFrames([frames[(passedMs / 500) % (frames.length - 1)]]);
    other.answers();
    for (const message of peer.hearsAll()) {
      if (message.type === 'ping') peer.says({ type: 'pingAck', seq: message.seq, status: peer.status({}) });
      if (message.type === 'syncRequest') pulls.push(message.session);
      if (message.type !== 'leavesRequest') continue;
      compared += 1;
      peer.says({ type: 'leaves', leaves: new Int32Array(2 * LEAVES).fill(1) });
    }
    victim.advance(250);
  }
  expect(pulls).toHaveLength(1);
  // Twice each time, and put off three times.
  expect(compared).toBe(8);
});

it('a node that misses a write whose pieces come does not say on its own that there is nothing', () => {
  const victim = new LoneCore(SETTINGS);
  const peer = new ScriptedPeer(victim, 'a');
  peer.lives(500);
  const isSure = (): boolean =>
    !victim.core.mustAsk(Buffer.from('k'), { monoMs: victim.monoMs, wallMs: victim.wallMs });
  expect(isSure()).toBe(true);
  const frames = pieces({ type: 'write', entry: largeOf(peer, victim, 1) }, peer, victim);
  for (const frame of frames.slice(0, -1)) {
    peer.tells({ seq: 1 });
    peer.sendsFrames([frame]);
    victim.advance(TIMING.gapPatienceMs / 2);
  }
  expect(peer.hears('gapRequest')).toEqual([]);
  expect(isSure()).toBe(false);
});

it('a pull is not given up while pieces of one of its records come', () => {
  const victim = new LoneCore(SETTINGS, 0);
  const peer = new ScriptedPeer(victim, 'a');
  peer.tells({});
  const [{ session }] = peer.hears('syncRequest');
  const frames = pieces({ type: 'syncRecords', session, entries: [largeOf(peer, victim, 1)] }, peer, victim);
  const anew: number[] = [];
  for (const frame of frames) {
    peer.sendsFrames([frame]);
    for (let passedMs = 0; passedMs < TIMING.pullStalledMs / 2; passedMs += 50) {
      for (const message of peer.hearsAll()) {
        if (message.type === 'ping')
          peer.says({ type: 'pingAck', seq: message.seq, status: peer.status({}) });
        if (message.type === 'syncRequest') anew.push(message.session);
      }
      victim.advance(50);
    }
  }
  expect(anew).toEqual([]);
  peer.says({ type: 'syncEnd', session, through: 0 });
  expect(victim.read('k')).not.toBeNull();
});
