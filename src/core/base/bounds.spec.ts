import { floodFrame, forgeWrite } from '../../../test/support/core/forged-frames';
import { LOAD } from '../../../test/support/core/scripted-peer';
import { entry, ORIGIN_A, ORIGIN_B } from '../../../test/support/core/records';
import { FIGURE_MAX, SEQUENCE_MAX, STAMP_MAX, sumUpTo, WALL_MS_MAX } from './bounds';
import { ByteReader } from '../wire/byte-reader';
import { ByteWriter } from '../wire/byte-writer';
import { readMessage, writeAcks, writeBulk, writeControl } from '../wire/codec';
import { FRAME_HEADER_BYTES, MESSAGE, type Control, type Received, type Status } from '../wire/messages';

const STATUS: Status = {
  wallMs: 0,
  ready: true,
  full: false,
  viewHash: 0,
  root: { a: 0, b: 0 },
  seq: 0,
  marks: [],
  load: LOAD,
  lines: [],
};
const IDENTITY = {
  id: ORIGIN_B,
  name: 'n',
  cluster: 'c',
  hostId: 'h',
  listenPort: 1,
  advertisedPort: 1,
  addresses: [],
};
const NOT_NUMBERS_OF_ANYTHING = [2 ** 53 - 1, Infinity, -1, -Infinity, NaN, 0.5, 1e300];

/** What a peer reads of what `write` writes; null when it would close the link. */
function readBack(write: (writer: ByteWriter) => void): Received | null {
  const writer = new ByteWriter(64);
  write(writer);
  return readMessage(new ByteReader(writer.take()), ORIGIN_A, 0);
}

function control(message: Control): Received | null {
  return readBack((writer) => writeControl(writer, message));
}

/** A message of these numbers, none of which is brought within anything. */
function raw(type: number, ...numbers: readonly number[]): Received | null {
  return readBack((writer) => {
    writer.u8(type);
    for (const number of numbers) writer.varint(number, Number.MAX_SAFE_INTEGER);
  });
}

describe('a number out of bounds', () => {
  it.each(NOT_NUMBERS_OF_ANYTHING)(
    '%d is never said: whatever a node comes to hold can be read',
    (number) => {
      const marks = [{ origin: ORIGIN_A, through: number }];
      const parts = Object.keys(LOAD) as (keyof Status['load'])[];
      const load = Object.fromEntries(parts.map((part) => [part, number])) as unknown as Status['load'];
      const status = { ...STATUS, wallMs: number, seq: number, marks, load };
      const version = { hlc: number, origin: ORIGIN_B };
      const view = { identity: IDENTITY, state: 'alive', by: ORIGIN_A, direct: true, address: '' } as const;
      const messages: Control[] = [
        { type: 'ping', seq: number, status: { ...status, wallMs: Number.isNaN(number) ? 0 : number } },
        { type: 'pingRequest', seq: number, target: ORIGIN_B },
        { type: 'view', entries: [{ ...view, incarnation: number, sinceMs: number }] },
        { type: 'gapRequest', session: number, from: number, to: number },
        { type: 'syncEnd', session: number, through: number },
        { type: 'fetch', requestId: number, key: 'k', minVersion: version, isMetadataOnly: false },
      ];
      expect(messages.map((message) => control(message)?.type)).toEqual(messages.map(({ type }) => type));
      const acks = [{ seq: number, status: 'held' as const }];
      expect(readBack((writer) => writeAcks(writer, acks))).not.toBeNull();
      for (const field of ['hlc', 'seq', 'ttlMs', 'expiresAtMs', 'supersedesUntilMs']) {
        const stored = entry({ [field]: number });
        expect(
          readBack((writer) => writeBulk(writer, { type: 'write', entry: stored }, ORIGIN_A, 0)),
        ).not.toBe(null);
      }
    },
  );

  it.each([
    ['the number of an ack', MESSAGE.ack, [1, 2 ** 53 - 1, 0]],
    ['the number of a ping request', MESSAGE.pingRequest, [2 ** 53 - 1]],
    ['a session', MESSAGE.syncRequest, [2 ** 53 - 1, 0]],
    ['the start of a gap', MESSAGE.gapRequest, [1, 2 ** 53 - 1, 5]],
    ['the end of a gap', MESSAGE.gapRequest, [1, 1, SEQUENCE_MAX + 1]],
    ['how far an answer goes', MESSAGE.syncEnd, [1, 2 ** 53 - 1]],
    ['the count of acks', MESSAGE.ack, [4097]],
    ['the count of members', MESSAGE.view, [1025]],
    ['the count of records', MESSAGE.syncRecords, [1, 4097]],
    ['the count of leaves', MESSAGE.syncRequest, [1, 4097]],
    ['the size of a transfer', MESSAGE.chunk, [1, 2 ** 33, 0, 0]],
  ])('is junk as %s', (_what, type, numbers) => {
    expect(raw(type, ...numbers)).toBeNull();
  });

  it.each(['hlc', 'seq', 'ttlMs', 'age', 'coverMs'])('is junk as %s of a record', (field) => {
    const whole = { key: 'k', value: null, hlc: 1, seq: 1, ttlMs: 1, age: 0, coverMs: 0 };
    expect(readBack((writer) => forgeWrite(writer, whole))).not.toBeNull();
    expect(readBack((writer) => forgeWrite(writer, { ...whole, [field]: 2 ** 53 - 1 }))).toBeNull();
  });

  it('is brought within its bound where it is only shown, or asks for what cannot be', () => {
    const figures = { ...LOAD, keys: 2 ** 53 - 1 };
    const said = control({ type: 'ping', seq: 1, status: { ...STATUS, load: figures } });
    expect(said).toMatchObject({ status: { load: { keys: FIGURE_MAX } } });
    const fetch = readBack((writer) => {
      writer.u8(MESSAGE.fetch);
      writer.varint(1, 1);
      writer.byteString('k');
      writer.varint(2 ** 53 - 1, Number.MAX_SAFE_INTEGER);
      writer.nodeId(ORIGIN_B);
      writer.u8(0);
    });
    expect(fetch).toMatchObject({ minVersion: { hlc: STAMP_MAX, origin: ORIGIN_B } });
  });

  it.each([-1, WALL_MS_MAX * 2])('is junk as a wall clock: %d ms', (wallMs) => {
    const writer = new ByteWriter(64);
    writeControl(writer, { type: 'ping', seq: 1, status: STATUS });
    const bytes = writer.take();
    new DataView(bytes.buffer).setFloat64(2, wallMs);
    expect(readMessage(new ByteReader(bytes), ORIGIN_A, 0)).toBeNull();
  });

  it('adds up to no more than can be said', () => {
    expect(sumUpTo(FIGURE_MAX, [1, 2, 3])).toBe(6);
    expect(sumUpTo(FIGURE_MAX, Array<number>(300).fill(SEQUENCE_MAX))).toBe(FIGURE_MAX);
  });
});

describe('texts and lists', () => {
  it('are cut where peers would not read on, and addresses left out', () => {
    const long = 'x'.repeat(5000);
    const addresses = [long, ...Array<string>(9).fill('y'.repeat(100))];
    const identity = { ...IDENTITY, name: `\n${long}`, addresses };
    const entries = [
      { identity, state: 'alive', incarnation: 0, by: ORIGIN_A, direct: true, address: long, sinceMs: 0 },
    ] as const;
    expect(control({ type: 'view', entries })).toMatchObject({
      entries: [
        {
          identity: { name: 'x'.repeat(128), addresses: Array(4).fill('y'.repeat(100)) },
          address: 'x'.repeat(255),
        },
      ],
    });
  });

  it('of a version that nobody stamped ask for any version', () => {
    const minVersion = { hlc: 0, origin: ORIGIN_B };
    const writer = new ByteWriter(64);
    writeControl(writer, { type: 'fetch', requestId: 1, key: 'k', minVersion, isMetadataOnly: false });
    const reader = new ByteReader(writer.take());
    expect(readMessage(reader, ORIGIN_A, 0)).toMatchObject({ minVersion: null });
    expect(reader.remaining).toBe(0);
  });

  it('of crumbs that fill a frame are not taken apart', () => {
    const acks = floodFrame((writer) => writer.u8(0));
    acks.set([MESSAGE.ack, 0xff, 0xff, 0x0f], FRAME_HEADER_BYTES);
    expect(readMessage(new ByteReader(acks, FRAME_HEADER_BYTES), ORIGIN_A, 0)).toBeNull();
  });
});
