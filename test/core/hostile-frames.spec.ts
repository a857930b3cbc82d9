// What a greeted peer can do to a node with frames that no node would write. The frames go to the
// core directly, so that every effect is seen and every run is the same;
// test/e2e/hostile-links.spec.ts does it over real sockets.
import fc from 'fast-check';
import { KEY_BYTES_MAX, MESSAGE_BYTES_MAX, VALUE_BYTES_MAX } from '../../src/core/base/bounds';
import { HashTree } from '../../src/core/store/hash-tree';
import { LIMITS } from '../../src/core/base/limits';
import { HLC_TICKS_PER_MS } from '../../src/core/base/version';
import type { ByteWriter } from '../../src/core/wire/byte-writer';
import { writeAcks, writeBulk, writeChunk, writeControl } from '../../src/core/wire/codec';
import { FRAME_HEADER_BYTES, type Bulk, type Control } from '../../src/core/wire/messages';
import { LoneCore } from '../support/core/lone-core';
import {
  ackFrame,
  bulkFrame,
  claim,
  controlFrame,
  floodFrame,
  frameOf,
  headerBytes,
  forgeWrite,
  STATUS,
  stranger,
  type ForgedRecord,
} from '../support/core/forged-frames';
import { VICTIM } from '../support/core/victim';
import { entry } from '../support/core/records';

const LIAR = stranger('2');
const MARKS = [{ origin: LIAR.id, through: 9 }];

/** It stays behind, but its length is told. */
const TOO_LARGE: Bulk = {
  type: 'fetchReply',
  requestId: 1,
  entry: entry({ value: null }),
  valueBytes: VALUE_BYTES_MAX + 1,
  isSure: false,
};

function record(raw: LoneCore, changes: Partial<ForgedRecord> = {}): ForgedRecord {
  const value = Buffer.from('from a peer');
  const hlc = raw.wallMs * HLC_TICKS_PER_MS;
  return { key: 'k', value, hlc, seq: 1, ttlMs: 60_000, age: 0, coverMs: 0, ...changes };
}

function writeFrame(raw: LoneCore, changes: Partial<ForgedRecord> = {}, sentMonoMs = raw.monoMs): Uint8Array {
  return frameOf((writer) => {
    forgeWrite(writer, record(raw, changes));
  }, sentMonoMs);
}

/**
 * A node with a value that must survive, and two peers with good clocks: one liar among three is
 * outvoted.
 */
function victim(): LoneCore {
  const raw = new LoneCore();
  raw.put('treasure', 'gold');
  for (const peer of [stranger('c'), stranger('d')]) {
    const link = raw.linked(peer);
    for (const message of raw.said(link)) {
      if (message.type !== 'ping') continue;
      const status = { ...message.status, wallMs: raw.wallMs };
      raw.frame(link, controlFrame({ type: 'pingAck', seq: message.seq, status }));
    }
  }
  return raw;
}

/** Alive, in order, what it held is there, and everything it said can be read by a peer. */
function expectUnharmed(raw: LoneCore, ...links: number[]): void {
  expect(raw.core.audit()).toEqual([]);
  expect(raw.read('treasure')).toBe('gold');
  for (const link of links) raw.said(link);
  const newcomer = raw.linked(stranger('e'));
  raw.frame(newcomer, writeFrame(raw, { key: 'later', seq: 7 }));
  expect(raw.said(newcomer)).toContainEqual({ type: 'acks', acks: [{ seq: 7, status: 'held' }] });
  expect(raw.read('later')).toBe('from a peer');
}

/** One frame of every message there is. */
const EVERY_MESSAGE: readonly Uint8Array[] = [
  ...(
    [
      { type: 'ping', seq: 3, status: STATUS },
      { type: 'pingAck', seq: 1, status: { ...STATUS, seq: 3, marks: MARKS } },
      { type: 'pingRequest', seq: 3, target: VICTIM.id },
      { type: 'pingRequestAnswer', seq: 3, reached: true },
      { type: 'view', entries: [claim(stranger('3')), claim(LIAR, { state: 'suspect', incarnation: 4 })] },
      { type: 'leavesRequest' },
      { type: 'leaves', leaves: new HashTree().leaves() },
      { type: 'syncRequest', session: 4, leaves: [1, 2, 300] },
      { type: 'gapRequest', session: 1, from: 1, to: 5 },
      { type: 'syncEnd', session: 1, through: 3 },
      { type: 'fetch', requestId: 9, key: 'treasure', minVersion: null, isMetadataOnly: false },
    ] satisfies Control[]
  ).map((message) => controlFrame(message)),
  ackFrame({ seq: 1, status: 'held' }, { seq: 2, status: 'full' }),
  bulkFrame({ type: 'write', entry: entry() }, LIAR.id),
  bulkFrame({ type: 'relay', entry: entry() }, LIAR.id),
  bulkFrame({ type: 'syncRecords', session: 1, entries: [entry(), entry({ value: null })] }, LIAR.id),
  bulkFrame({ type: 'fetchReply', requestId: 1, entry: entry(), valueBytes: null, isSure: false }, LIAR.id),
  frameOf((writer) => {
    writeChunk(writer, { transfer: 1, total: 200_000, offset: 0, bytes: Buffer.alloc(LIMITS.chunkBytes) });
  }),
];

/** A real frame, cut somewhere, with bytes changed and the messages of another one behind it. */
const spoiltFrame = fc
  .record({
    frame: fc.constantFrom(...EVERY_MESSAGE),
    tail: fc.constantFrom(new Uint8Array(0), ...EVERY_MESSAGE),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
  })
  .map(({ frame, tail, keep, changes }) => {
    const head = frame.subarray(0, Math.ceil(frame.length * Math.max(keep, 0.1)));
    const bytes = Buffer.concat([head, tail.subarray(FRAME_HEADER_BYTES)]);
    for (const [at, byte] of changes) bytes[at % Math.min(bytes.length, 400)] = byte;
    return bytes.subarray(0, LIMITS.frameBytesMax);
  });

const junkFrame = fc
  .uint8Array({ maxLength: 300 })
  .map((bytes) => Buffer.concat([headerBytes(EVERY_MESSAGE[0]), bytes]));

describe('frames of a peer', () => {
  it('may be junk, cut, spliced or spoilt: the worst that follows is a closed link', () => {
    const frames = fc.array(fc.oneof(spoiltFrame, junkFrame, fc.uint8Array({ maxLength: 64 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(frames, (bytes) => {
        const raw = victim();
        const links = bytes.map((frame) => {
          const link = raw.linked(LIAR);
          raw.frame(link, frame);
          raw.advance(300);
          return link;
        });
        expect(
          raw.closed.every(({ reason }) => ['protocol-error', 'duplicate', 'dead'].includes(reason)),
        ).toBe(true);
        expectUnharmed(raw, ...links);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, (writer: ByteWriter) => void]>([
    ['an unknown message', (writer) => writer.u8(99)],
    ['half a message', (writer) => writer.u8(1)],
    ['a chunk within a chunk', (writer) => nestedChunk(writer)],
    [
      'a transfer larger than any value',
      (writer) => chunkOf(writer, MESSAGE_BYTES_MAX + 1, 0, LIMITS.chunkBytes),
    ],
    ['a chunk that ends behind its transfer', (writer) => chunkOf(writer, 10, 8, 8)],
    ['a transfer in crumbs', (writer) => chunkOf(writer, 100_000, 0, 1)],
    ['a key of no bytes', (writer) => forgeWrite(writer, record(new LoneCore(), { key: '' }))],
    [
      'a key above the limit',
      (writer) => forgeWrite(writer, record(new LoneCore(), { key: 'k'.repeat(KEY_BYTES_MAX + 1) })),
    ],
    ['a value above the limit', (writer) => writeBulk(writer, TOO_LARGE, LIAR.id, 0)],
    ['a value without a life', (writer) => forgeWrite(writer, record(new LoneCore(), { ttlMs: 0 }))],
    ['a life of centuries', (writer) => forgeWrite(writer, record(new LoneCore(), { ttlMs: 2 ** 44 }))],
  ])('with %s close its link and store nothing', (_what, write) => {
    const raw = victim();
    const link = raw.linked(LIAR);
    raw.frame(link, frameOf(write));
    expect(raw.closed).toEqual([{ linkId: link, reason: 'protocol-error' }]);
    expect(raw.core.report().storage.keys).toBe(1);
    expectUnharmed(raw, link);
  });
});

function chunkOf(writer: ByteWriter, total: number, offset: number, bytes: number): void {
  writeChunk(writer, { transfer: 1, total, offset, bytes: Buffer.alloc(bytes) });
}

function nestedChunk(writer: ByteWriter): void {
  const inner = frameOf((innerWriter) => chunkOf(innerWriter, 4, 0, 4)).subarray(FRAME_HEADER_BYTES);
  writeChunk(writer, { transfer: 1, total: inner.length, offset: 0, bytes: inner });
}

describe('a replayed write', () => {
  it('moves no deadline', () => {
    const raw = victim();
    const link = raw.linked(LIAR);
    const frame = writeFrame(raw);
    raw.frame(link, frame);
    raw.advance(40_000);
    for (const sentMonoMs of [raw.monoMs, raw.monoMs + 1e6, -1e12])
      raw.frame(link, writeFrame(raw, { hlc: (raw.wallMs - 40_000) * HLC_TICKS_PER_MS }, sentMonoMs));
    raw.frame(link, frame);
    expect(raw.read('k')).toBe('from a peer');
    raw.advance(20_001);
    expect(raw.read('k')).toBeNull();
    expectUnharmed(raw, link);
  });

  it.each([0, 86_000_000])('brings nothing back that has expired, %d ms later', (laterMs) => {
    const raw = victim();
    const link = raw.linked(LIAR);
    const [frame, hlc] = [writeFrame(raw), raw.wallMs * HLC_TICKS_PER_MS];
    raw.frame(link, frame);
    raw.advance(60_001 + laterMs);
    const again = raw.linked(LIAR);
    raw.frame(again, frame);
    raw.frame(again, writeFrame(raw, { hlc }));
    raw.frame(again, writeFrame(raw, { hlc, ttlMs: 86_400_000, age: 0 }));
    expect(raw.read('k')).toBeNull();
    expect(raw.core.audit()).toEqual([]);
  });

  it('of a replaced value does not replace its successor', () => {
    const raw = victim();
    const link = raw.linked(LIAR);
    const old = writeFrame(raw, { key: 'treasure', hlc: (raw.wallMs - 5000) * HLC_TICKS_PER_MS });
    raw.frame(link, old);
    raw.frame(link, old);
    expect(raw.read('treasure')).toBe('gold');
  });

  it('stamped in the future is refused, whatever its age claims', () => {
    const raw = victim();
    const link = raw.linked(LIAR);
    const hlc = (raw.wallMs + 11_000) * HLC_TICKS_PER_MS;
    raw.frame(link, writeFrame(raw, { key: 'treasure', hlc, age: 16 * 20_000, seq: 4 }));
    expect(raw.said(link)).toContainEqual({ type: 'acks', acks: [{ seq: 4, status: 'refused' }] });
    expect(raw.read('treasure')).toBe('gold');
  });
});

describe('floods on a link', () => {
  const floods: [string, (writer: ByteWriter, index: number) => void][] = [
    ['pings', (writer, seq) => writeControl(writer, { type: 'ping', seq, status: STATUS })],
    ['questions for all leaves', (writer) => writeControl(writer, { type: 'leavesRequest' })],
    [
      'requests to probe others',
      (writer, seq) => writeControl(writer, { type: 'pingRequest', seq, target: LIAR.id }),
    ],
    [
      'questions for the largest value',
      (writer, requestId) =>
        writeControl(writer, {
          type: 'fetch',
          requestId,
          key: 'largest',
          minVersion: null,
          isMetadataOnly: false,
        }),
    ],
    [
      'questions for missed writes',
      (writer, session) => writeControl(writer, { type: 'gapRequest', session, from: 1, to: 2 ** 40 }),
    ],
    [
      'questions for everything',
      (writer, session) => writeControl(writer, { type: 'syncRequest', session, leaves: null }),
    ],
    ['acks of nothing', (writer, seq) => writeAcks(writer, [{ seq, status: 'held' }])],
  ];

  it('of questions for all leaves gather them once a frame', () => {
    const raw = victim();
    const gathered = jest.spyOn(HashTree.prototype, 'leaves');
    raw.frame(raw.linked(LIAR), controlFrame(...Array<Control>(100).fill({ type: 'leavesRequest' })));
    expect(gathered).toHaveBeenCalledTimes(1);
  });

  it('of questions for all leaves gather none for a peer that reads too little to be told', () => {
    const raw = victim();
    const link = raw.linked(LIAR);
    const ask = (writer: ByteWriter): void => writeControl(writer, { type: 'leavesRequest' });
    const probes = floodFrame((writer, seq) => {
      writeControl(writer, { type: 'pingRequest', seq, target: LIAR.id });
    });
    raw.handle({ kind: 'frame', linkId: link, bytes: probes });
    const gathered = jest.spyOn(HashTree.prototype, 'leaves');
    raw.handle({
      kind: 'frame',
      linkId: link,
      bytes: frameOf((writer) => Array(5).fill(writer).forEach(ask)),
    });
    expect(gathered).not.toHaveBeenCalled();
  });

  it.each(floods)('of %s are answered within bounds, and others as before', (_what, write) => {
    const raw = victim();
    raw.put('largest', 'v'.repeat(1024 * 1024));
    const [flooder, other] = [raw.linked(LIAR), raw.linked(stranger('3'))];
    for (let frames = 0; frames < 8; frames += 1) raw.frame(flooder, floodFrame(write));
    raw.advance(100);
    expect(raw.bytesSent(flooder)).toBeLessThan(2.5 * LIMITS.linkUnsentBytesMax);
    expect(raw.core.report().replication.queuedBytes).toBeLessThanOrEqual(LIMITS.linkQueueBytesMax);
    raw.frame(other, writeFrame(raw, { seq: 5 }));
    expect(raw.said(other)).toContainEqual({ type: 'acks', acks: [{ seq: 5, status: 'held' }] });
    expectUnharmed(raw, flooder);
  });
});
