// A generator for each message there is. Answers answer what was asked, more often than not, so
// that they reach the parts that wait for them.
import { LEAVES } from '../../src/core/store/hash-tree';
import { LIMITS } from '../../src/core/base/limits';
import { GREETING_BYTES_MIN, PROTOCOL_VERSION } from '../../src/core/wire/greeting';
import { MESSAGE, FRAME_FORMAT, type Received } from '../../src/core/wire/messages';
import { ForgingWriter } from './forging-writer';
import type { Values } from './values';

/** What a hostile peer knows: whom it can name, and what it was asked. */
export interface Knowledge {
  /** Ids of the nodes, the peers and nobody; the peer's own first. */
  readonly ids: readonly string[];
  readonly hostIds: readonly string[];
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  /** Keys that it may write. */
  readonly keys: readonly string[];
  readonly rootOf: () => { readonly a: number; readonly b: number };
  readonly leaves: () => Int32Array;
  readonly nowMs: () => number;
  readonly lies: boolean;
  /**
   * Whether it says what the clock of the machine has shown: nobody who just came can judge that.
   */
  readonly tellsTimes: boolean;
  /** Numbers heard from the node on this link, by what they are good for. */
  readonly heard: Readonly<Record<'pings' | 'sessions' | 'requests' | 'writes', number[]>>;
}

export const VALUE_BYTES_MAX = 200_000;

type Generator = (writer: ForgingWriter, values: Values, known: Knowledge) => void;

const GENERATORS: Readonly<Record<keyof typeof MESSAGE, Generator>> = {
  ping: (writer, values, known) => {
    writer.varint(values.number('correlation'));
    status(writer, values, known);
  },
  pingAck: (writer, values, known) => {
    writer.varint(values.number('correlation', ...known.heard.pings));
    status(writer, values, known);
  },
  pingRequest: (writer, values, known) => {
    writer.varint(values.number('correlation')).nodeId(values.prng.pick(known.ids));
  },
  pingRequestAnswer: (writer, values, known) => {
    writer.varint(values.number('correlation', ...known.heard.pings)).u8(values.prng.below(3));
  },
  view: (writer, values, known) => {
    const count = values.prng.chance(0.02) ? 300 : values.few(40);
    writer.varint(counted(values, count));
    for (let entry = 0; entry < count; entry += 1) viewEntry(writer, values, known);
  },
  write: record,
  relay: record,
  ack: (writer, values, known) => {
    const count = values.few(200);
    writer.varint(counted(values, count));
    for (let ack = 0; ack < count; ack += 1) {
      writer
        .varint(values.number('sequence', ...known.heard.writes))
        .u8(values.prng.below(values.wild ? 5 : 3));
    }
  },
  chunk: (writer, values) => {
    const bytes = values.prng.chance(0.3) ? new Uint8Array(LIMITS.chunkBytes) : values.bytes(300);
    const total = values.number('size', bytes.length, 100_000, VALUE_BYTES_MAX);
    writer.varint(values.number('correlation', 1, 2)).varint(total);
    writer.varint(values.number('size', 0, LIMITS.chunkBytes, total - bytes.length)).blob(bytes);
  },
  leavesRequest: () => undefined,
  leaves: (writer, values, known) => {
    const leaves = known.leaves();
    const changed = values.few(LEAVES);
    for (let at = 0; at < changed; at += 1) leaves[values.prng.below(leaves.length)] = values.prng.next();
    for (const half of leaves) writer.i32(half);
  },
  syncRequest: (writer, values) => {
    const count = values.few(LEAVES);
    writer.varint(values.number('correlation')).varint(counted(values, count));
    for (let leaf = 0; leaf < count; leaf += 1) writer.varint(values.number('count', 0, 1, 3));
  },
  syncRecords: (writer, values, known) => {
    const count = values.few(40);
    writer.varint(values.number('correlation', ...known.heard.sessions)).varint(counted(values, count));
    for (let each = 0; each < count; each += 1) record(writer, values, known);
  },
  syncEnd: (writer, values, known) => {
    writer.varint(values.number('correlation', ...known.heard.sessions)).varint(values.number('sequence'));
  },
  gapRequest: (writer, values) => {
    writer
      .varint(values.number('correlation'))
      .varint(values.number('sequence', 1))
      .varint(values.number('sequence'));
  },
  fetch: (writer, values, known) => {
    writer.varint(values.number('correlation')).blob(key(values, known));
    const hlc = values.prng.chance(0.5) ? 0 : values.stamp();
    writer.varint(hlc);
    if (hlc > 0) writer.nodeId(values.prng.pick(known.ids));
    writer.u8(values.prng.below(values.wild ? 256 : 2));
  },
  fetchReply: (writer, values, known) => {
    const correlation = values.number('correlation', ...known.heard.requests);
    const word = values.prng.chance(0.6) ? values.prng.pick([1, 3]) : values.prng.pick([0, 2]);
    writer.varint(correlation).u8(word);
    if (word === 3) writer.varint(values.number('size', VALUE_BYTES_MAX));
    if (word === 1 || word === 3) record(writer, values, known, word === 1 || values.wild);
  },
};

const TYPES = Object.keys(GENERATORS) as (keyof typeof MESSAGE)[];

/** One message of any type, or of this one. */
export function message(
  writer: ForgingWriter,
  values: Values,
  known: Knowledge,
  type: keyof typeof MESSAGE = values.prng.pick(TYPES),
): void {
  writer.u8(MESSAGE[type]);
  GENERATORS[type](writer, values, known);
}

export function frameHeader(writer: ForgingWriter, values: Values, known: Knowledge): void {
  writer.u8(values.wild && values.prng.chance(0.03) ? values.prng.below(256) : FRAME_FORMAT);
  writer.f64(values.monoClock(known.nowMs()));
}

/** A hello of somebody who may be anybody, or of nobody who could be. */
export function forgedHello(values: Values, known: Knowledge): Uint8Array {
  const writer = new ForgingWriter();
  writer
    .raw(Buffer.from('RPRM'))
    .u8(0)
    .u8(PROTOCOL_VERSION >> 8)
    .u8(PROTOCOL_VERSION);
  identity(writer, values, known);
  const missing = Math.max(0, GREETING_BYTES_MIN - writer.length);
  return writer.raw(new Uint8Array(missing).fill(values.prng.below(256))).take();
}

/** A short message, thousands of times. */
export function flood(values: Values, known: Knowledge): Uint8Array {
  const writer = new ForgingWriter();
  frameHeader(writer, values, known);
  const type = values.prng.pick(['pingRequest', 'pingRequest', 'ack', 'leavesRequest', 'fetch'] as const);
  while (writer.length < LIMITS.frameBytesMax / 2) message(writer, values, known, type);
  return writer.take();
}

/** What a node said that can be answered. */
export function keepHeard(heard: Knowledge['heard'], messages: readonly Received[]): void {
  for (const said of messages) {
    if (said.type === 'ping') heard.pings.push(said.seq);
    if (said.type === 'syncRequest' || said.type === 'gapRequest') heard.sessions.push(said.session);
    if (said.type === 'fetch') heard.requests.push(said.requestId);
    if (said.type === 'write' || said.type === 'relay') heard.writes.push(said.record.seq);
  }
  for (const numbers of Object.values(heard)) numbers.splice(0, numbers.length - 4);
}

/** A count that is right, or sometimes is not. */
function counted(values: Values, count: number): number {
  return values.wild && values.prng.chance(0.1) ? values.number('count') : count;
}

function status(writer: ForgingWriter, values: Values, known: Knowledge): void {
  const root = values.prng.chance(0.4) ? known.rootOf() : { a: values.prng.next(), b: values.prng.next() };
  writer.f64(values.wallClock(known.lies)).u8(values.prng.below(4)).i32(values.prng.next());
  writer.i32(root.a).i32(root.b).varint(values.number('sequence'));
  const marks = values.few(300);
  writer.varint(counted(values, marks));
  for (let mark = 0; mark < marks; mark += 1) {
    writer.nodeId(values.prng.pick(known.ids)).varint(values.number('sequence'));
  }
  for (let part = 0; part < 7; part += 1) writer.varint(values.number('figure'));
  const lines = known.tellsTimes ? values.few(3) : 0;
  writer.varint(counted(values, lines));
  for (let line = 0; line < lines; line += 1) {
    writer.f64(values.wallClock(known.lies)).varint(values.number('span', 3_600_000, 86_400_000));
  }
}

function viewEntry(writer: ForgingWriter, values: Values, known: Knowledge): void {
  const { prng } = values;
  identity(writer, values, known);
  writer
    .u8(prng.below(values.wild ? 256 : 8))
    .varint(values.number('incarnation'))
    .nodeId(prng.pick(known.ids));
  writer.text(values.text(...known.addresses)).varint(values.number('span'));
}

function identity(writer: ForgingWriter, values: Values, known: Knowledge): void {
  const { prng } = values;
  writer.nodeId(prng.chance(0.5) ? prng.pick(known.ids) : prng.id());
  writer
    .text(values.text('test'))
    .text(values.text('peer'))
    .text(values.text(...known.hostIds));
  for (let port = 0; port < 2; port += 1)
    writer.varint(values.number('port', ...known.ports) || (values.wild ? 0 : 1));
  const addresses = prng.below(values.wild ? 7 : 5);
  writer.varint(addresses);
  for (let each = 0; each < addresses; each += 1) writer.text(values.text(...known.addresses));
}

function key(values: Values, known: Knowledge): Uint8Array {
  if (values.prng.chance(0.9)) return Buffer.from(values.prng.pick(known.keys));
  // In the wild also what is no UTF-8.
  const byte = values.wild && values.prng.chance(0.3) ? values.prng.below(256) : 120;
  return new Uint8Array(values.prng.pick(values.wild ? [0, 1, 1024, 1025, 4097] : [1, 1024])).fill(byte);
}

function record(writer: ForgingWriter, values: Values, known: Knowledge, mayBringValue = true): void {
  const isOwn = values.prng.chance(0.6);
  const hasValue = mayBringValue && values.prng.chance(0.8);
  writer.u8((hasValue ? 1 : 0) | (isOwn ? 2 : 0));
  if (!isOwn) writer.nodeId(values.prng.pick(known.ids));
  writer.blob(key(values, known)).varint(values.stamp()).varint(values.number('sequence'));
  writer.varint(values.number('span', 1000, 60_000, 86_400_000) || (values.wild ? 0 : 1));
  writer.varint(values.number('age', 0, 1)).varint(values.number('span', 0));
  if (hasValue) writer.blob(values.bytes(values.wild ? VALUE_BYTES_MAX : 300));
}
