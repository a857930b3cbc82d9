import fc from 'fast-check';
import { entry, ORIGIN_A, ORIGIN_B } from '../../../test/support/core/records';
import { forgeWrite } from '../../../test/support/core/forged-frames';
import type { Incoming } from '../store/entry';
import { HashTree, LEAVES } from '../store/hash-tree';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { encodeWelcome } from './greeting';
import { readIdentity, writeIdentity } from './identity-codec';
import { readFrameHeader, readMessage, writeAcks, writeBulk, writeControl, writeFrameHeader } from './codec';
import type { Bulk, Control, Received, Status } from './messages';

const SENDER = ORIGIN_A;
const status: Status = {
  wallMs: 1.5e12,
  ready: true,
  full: false,
  viewHash: -5,
  root: { a: 1, b: -2 },
  seq: 70_000,
  marks: [{ origin: ORIGIN_B, through: 65_536 }],
  load: {
    keys: 1,
    usedBytes: 2 ** 40,
    limitBytes: 2 ** 41,
    putsPerSecond: 4,
    getsPerSecond: 5,
    loopDelayMs: 6,
    missingWrites: 7,
  },
  lines: [],
};
const identity = {
  id: ORIGIN_B,
  name: 'knoten-ü-7',
  cluster: 'repram',
  hostId: 'host',
  listenPort: 8081,
  advertisedPort: 38_081,
  addresses: ['192.0.2.7', '2001:db8::1'],
};

function roundTrip(write: (writer: ByteWriter) => void, transitMs = 0): Received | null {
  const writer = new ByteWriter(16);
  write(writer);
  const reader = new ByteReader(writer.take());
  const message = readMessage(reader, SENDER, transitMs);
  expect(reader.remaining).toBe(0);
  return message;
}

describe('the wire codec', () => {
  it.each<Control>([
    { type: 'ping', seq: 2 ** 40, status },
    { type: 'pingAck', seq: 0, status: { ...status, ready: false, full: true } },
    { type: 'pingRequest', seq: 7, target: ORIGIN_B },
    { type: 'pingRequestAnswer', seq: 7, reached: true },
    {
      type: 'view',
      entries: [
        {
          identity,
          state: 'suspect',
          incarnation: 3,
          by: ORIGIN_A,
          direct: true,
          address: '10.0.0.1',
          sinceMs: 5,
        },
        {
          identity,
          state: 'left',
          incarnation: 0,
          by: ORIGIN_B,
          direct: false,
          address: '',
          sinceMs: 2 ** 40,
        },
      ],
    },
    { type: 'leavesRequest' },
    { type: 'leaves', leaves: new HashTree().leaves() },
    { type: 'syncRequest', session: 4, leaves: null },
    { type: 'syncRequest', session: 5, leaves: [0, 1, LEAVES - 1] },
    { type: 'gapRequest', session: 5, from: 65_536, to: 70_000 },
    { type: 'syncEnd', session: 5, through: 70_000 },
    { type: 'fetch', requestId: 9, key: 'a\xc3\xbf\0', minVersion: null, isMetadataOnly: false },
    {
      type: 'fetch',
      requestId: 9,
      key: 'a',
      minVersion: { hlc: 77, origin: ORIGIN_B },
      isMetadataOnly: true,
    },
  ])('carries $type unchanged', (message) => {
    expect(
      roundTrip((writer) => {
        writeControl(writer, message);
      }),
    ).toEqual(message);
  });

  it('carries an identity in the same bytes as a greeting does', () => {
    const writer = new ByteWriter(16);
    writeIdentity(writer, identity);
    const bytes = Buffer.from(writer.take());
    const entries = [
      { identity, state: 'alive', incarnation: 1, by: ORIGIN_A, direct: true, address: '', sinceMs: 0 },
    ] as const;
    const view = new ByteWriter(16);
    writeControl(view, { type: 'view', entries });
    expect(Buffer.from(view.take()).includes(bytes)).toBe(true);
    expect(Buffer.from(encodeWelcome(identity, new Uint8Array(16))).includes(bytes)).toBe(true);
    expect(readIdentity(new ByteReader(bytes))).toEqual(identity);
  });

  it('names the field that cannot be read', () => {
    const writer = new ByteWriter(16);
    writeControl(writer, {
      type: 'view',
      entries: [
        { identity, state: 'alive', incarnation: 1, by: ORIGIN_A, direct: true, address: '', sinceMs: 0 },
      ],
    });
    const view = Buffer.from(writer.take());
    view[view.indexOf('host')] = 0;
    const reader = new ByteReader(view);
    expect(readMessage(reader, SENDER, 0)).toBeNull();
    expect(reader.problem).toBe('hostId: control characters');
    const unknown = new ByteReader(Uint8Array.of(99));
    expect(readMessage(unknown, SENDER, 0)).toBeNull();
    expect(unknown.problem).toBe('no message of type 99');
  });

  it('carries a record with its age at sending plus the transit', () => {
    const sent = entry({ ttlMs: 60_000, expiresAtMs: 70_000, seq: 12, supersedesUntilMs: 1_234_567 });
    const bulk: Bulk = { type: 'write', entry: sent };
    const received = roundTrip((writer) => {
      writeBulk(writer, bulk, SENDER, 20_000);
    }, 5);
    expect(received).toMatchObject({
      type: 'write',
      record: { key: 'k', hlc: sent.hlc, seq: 12, ttlMs: 60_000 },
    });
    const { record } = received as Extract<Received, { type: 'write' }>;
    expect(record.ageMs).toBeCloseTo(10_005, 0);
    expect(record.value).toEqual(sent.value);
    expect(record.supersedesUntilMs).toBeGreaterThanOrEqual(1_234_567);
    expect(record.origin).toBe(SENDER);
  });

  it('carries a record without its value and tells how long that is', () => {
    const told = { ...entry(), value: null };
    const bulk: Bulk = {
      type: 'fetchReply',
      requestId: 4,
      entry: told,
      valueBytes: 5_000_000,
      isSure: false,
    };
    const write = (writer: ByteWriter): void => writeBulk(writer, bulk, SENDER, 0);
    const record = expect.objectContaining({ key: 'k', value: null }) as Incoming;
    expect(roundTrip(write)).toMatchObject({ requestId: 4, record, valueBytes: 5_000_000 });
  });

  it('carries stubs and foreign origins', () => {
    const stub = entry({ value: null, holding: 'stub', origin: ORIGIN_B });
    const bulk: Bulk = { type: 'syncRecords', session: 1, entries: [stub, entry()] };
    const received = roundTrip((writer) => {
      writeBulk(writer, bulk, SENDER, 0);
    });
    const { records } = received as Extract<Received, { type: 'syncRecords' }>;
    expect(records.map(({ origin, value }) => [origin, value === null])).toEqual([
      [ORIGIN_B, true],
      [ORIGIN_A, false],
    ]);
  });

  it('carries acks with their status', () => {
    const acks = [
      { seq: 1, status: 'held' as const },
      { seq: 2 ** 33, status: 'full' as const },
      { seq: 3, status: 'refused' as const },
    ];
    expect(
      roundTrip((writer) => {
        writeAcks(writer, acks);
      }),
    ).toEqual({ type: 'acks', acks });
  });

  it('reads any safe integer back from a varint', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const writer = new ByteWriter(1);
        writer.varint(value, Number.MAX_SAFE_INTEGER);
        expect(new ByteReader(writer.take()).varint(Number.MAX_SAFE_INTEGER)).toBe(value);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no UTF-8', '\xff\xfe\x80'],
    ['an overlong', '\xc0\x80'],
    ['a surrogate', '\xed\xa0\x80'],
    ['cut off', 'a\xc3'],
  ])('takes a message with a key that is %s for junk, whichever it is', (_, key) => {
    const held = entry({ key });
    const bulks: Bulk[] = [
      { type: 'write', entry: held },
      { type: 'relay', entry: held },
      { type: 'syncRecords', session: 1, entries: [entry(), held] },
      { type: 'fetchReply', requestId: 1, entry: held, valueBytes: null, isSure: false },
    ];
    const read = (write: (writer: ByteWriter) => void): Received | null => {
      const writer = new ByteWriter(16);
      write(writer);
      return readMessage(new ByteReader(writer.take()), SENDER, 0);
    };
    const fetch = { type: 'fetch' as const, requestId: 1, key, minVersion: null, isMetadataOnly: false };
    expect(read((writer) => writeControl(writer, fetch))).toBeNull();
    for (const bulk of bulks) expect(read((writer) => writeBulk(writer, bulk, SENDER, 0))).toBeNull();
  });

  it('answers junk with null and never throws or reads beyond the frame', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const reader = new ByteReader(bytes);
        readFrameHeader(reader);
        for (let i = 0; i < 400 && reader.ok && reader.remaining > 0; i += 1) readMessage(reader, SENDER, 0);
        expect(reader.remaining).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('answers every truncated message with null', () => {
    const writer = new ByteWriter(64);
    writeControl(writer, {
      type: 'view',
      entries: [
        { identity, state: 'alive', incarnation: 1, by: ORIGIN_A, direct: true, address: 'x', sinceMs: 0 },
      ],
    });
    const whole = writer.take();
    for (let end = 0; end < whole.byteLength; end += 1) {
      expect(readMessage(new ByteReader(whole.subarray(0, end)), SENDER, 0)).toBeNull();
    }
  });

  it.each([Number.MAX_VALUE, -Number.MAX_VALUE, 1e300, 2 ** 60])(
    'refuses a frame sent at %d ms',
    (monoMs) => {
      const writer = new ByteWriter(16);
      writeFrameHeader(writer, monoMs);
      expect(readFrameHeader(new ByteReader(writer.take()))).toBeNull();
    },
  );

  it.each([{ ttlMs: 2 ** 53 - 1 }, { ttlMs: 2 ** 41 }])(
    'refuses a record that would live for ages: %j',
    (rest) => {
      const writer = new ByteWriter(64);
      forgeWrite(writer, { key: 'k', value: null, hlc: 1, seq: 1, age: 0, coverMs: 0, ...rest });
      expect(readMessage(new ByteReader(writer.take()), SENDER, 0)).toBeNull();
    },
  );

  it('refuses a frame of another format', () => {
    const writer = new ByteWriter(16);
    writeFrameHeader(writer, 42.5);
    const frame = writer.take();
    expect(readFrameHeader(new ByteReader(frame))).toBe(42.5);
    frame[0] = 99;
    expect(readFrameHeader(new ByteReader(frame))).toBeNull();
  });
});
