// Frames that no node would write: well-formed ones with any content, made with the product's own
// writers.
import { ByteReader } from '../../../src/core/wire/byte-reader';
import { ByteWriter } from '../../../src/core/wire/byte-writer';
import {
  readFrameHeader,
  readMessage,
  writeAcks,
  writeBulk,
  writeControl,
  writeFrameHeader,
} from '../../../src/core/wire/codec';
import {
  FRAME_HEADER_BYTES,
  MESSAGE,
  type Ack,
  type Bulk,
  type Control,
  type Received,
  type Status,
  type ViewEntry,
} from '../../../src/core/wire/messages';
import type { NodeIdentity } from '../../../src/core/base/identity';
import { LIMITS } from '../../../src/core/base/limits';

/** One frame around whatever `write` writes. */
export function frameOf(write: (writer: ByteWriter) => void, sentMonoMs = 0): Uint8Array {
  const writer = new ByteWriter(256);
  writeFrameHeader(writer, sentMonoMs);
  write(writer);
  return writer.take();
}

export function controlFrame(...messages: readonly Control[]): Uint8Array {
  return controlFrameAt(0, ...messages);
}

export function controlFrameAt(sentMonoMs: number, ...messages: readonly Control[]): Uint8Array {
  return frameOf((writer) => {
    for (const message of messages) writeControl(writer, message);
  }, sentMonoMs);
}

export function viewFrame(...entries: readonly ViewEntry[]): Uint8Array {
  return controlFrame({ type: 'view', entries });
}

export function ackFrame(...acks: readonly Ack[]): Uint8Array {
  return ackFrameAt(0, ...acks);
}

export function ackFrameAt(sentMonoMs: number, ...acks: readonly Ack[]): Uint8Array {
  return frameOf((writer) => {
    writeAcks(writer, acks);
  }, sentMonoMs);
}

export function bulkFrame(message: Bulk, sender: string, sentMonoMs = 0): Uint8Array {
  return frameOf((writer) => {
    writeBulk(writer, message, sender, sentMonoMs);
  }, sentMonoMs);
}

/** As many copies of one message as fit into a frame. */
export function floodFrame(write: (writer: ByteWriter, index: number) => void): Uint8Array {
  return frameOf((writer) => {
    for (let index = 0; writer.length < LIMITS.frameBytesMax - 64; index += 1) write(writer, index);
  });
}

/** The fields of a write as they are on the wire, so that any number can stand in any of them. */
export interface ForgedRecord {
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly hlc: number;
  readonly seq: number;
  readonly ttlMs: number;
  /** Sixteenths of a millisecond. */
  readonly age: number;
  readonly coverMs: number;
}

export function forgeWrite(writer: ByteWriter, record: ForgedRecord): void {
  writer.u8(MESSAGE.write);
  writer.u8(record.value === null ? 2 : 3);
  writer.byteString(record.key);
  for (const number of [record.hlc, record.seq, record.ttlMs, record.age, record.coverMs])
    writer.varint(number, Number.MAX_SAFE_INTEGER);
  if (record.value !== null) writer.blob(record.value);
}

/** The messages of a frame; throws when a peer could not read it. */
export function messagesOf(frame: Uint8Array, sender: string): Received[] {
  const reader = new ByteReader(frame);
  if (readFrameHeader(reader) === null) throw new Error('not a frame');
  const messages: Received[] = [];
  while (reader.remaining > 0) {
    const message = readMessage(reader, sender, 0);
    if (message === null) throw new Error(`unreadable after ${messages.map(({ type }) => type).join(' ')}`);
    messages.push(message);
  }
  return messages;
}

export function headerBytes(frame: Uint8Array): Uint8Array {
  return frame.subarray(0, FRAME_HEADER_BYTES);
}

/** Somebody on the same host as `like` unless told otherwise. */
export function stranger(digits: string, changes: Partial<NodeIdentity> = {}): NodeIdentity {
  return {
    id: digits.repeat(16).slice(0, 16),
    name: `stranger-${digits}`,
    cluster: 'test',
    hostId: 'host-a',
    listenPort: 9000 + Number.parseInt(digits, 16),
    advertisedPort: 9000 + Number.parseInt(digits, 16),
    addresses: [],
    ...changes,
  };
}

export function claim(identity: NodeIdentity, changes: Partial<ViewEntry> = {}): ViewEntry {
  return {
    identity,
    state: 'alive',
    incarnation: 0,
    by: identity.id,
    direct: true,
    address: '',
    sinceMs: 0,
    ...changes,
  };
}

/** How a ready peer fares that holds nothing. */
export const STATUS: Status = {
  wallMs: 1.8e12,
  ready: true,
  full: false,
  viewHash: 1,
  root: { a: 1, b: 2 },
  seq: 0,
  marks: [],
  load: {
    keys: 0,
    usedBytes: 0,
    limitBytes: 0,
    missingWrites: 0,
    putsPerSecond: 0,
    getsPerSecond: 0,
    loopDelayMs: 0,
  },
  lines: [],
};
