// Messages to bytes and back. Decoding is total: any bytes give messages or the one word `invalid`,
// never an exception, and never more memory than the frame itself.
import { LEAVES } from '../store/hash-tree';
import type { NodeId } from '../base/identity';
import type { Version } from '../base/version';
import {
  BLOB_BYTES_MAX,
  CORRELATION_MAX,
  KEY_BYTES_MAX,
  LISTS,
  MONOTONIC_MS_MAX,
  SEQUENCE_MAX,
  STAMP_MAX,
} from '../base/bounds';
import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';
import { readFound, writeFound } from './found-codec';
import { readViewEntry, writeViewEntry } from './identity-codec';
import {
  FRAME_FORMAT,
  MESSAGE,
  type Ack,
  type AckStatus,
  type Bulk,
  type Control,
  type Received,
} from './messages';
import { readList } from './lists';
import { readRecord, writeRecord } from './record-codec';
import { readStatus, writeStatus } from './status-codec';

type Asked = Exclude<Control, { type: 'ping' | 'pingAck' | 'pingRequest' | 'pingRequestAnswer' | 'view' }>;

const ACK_STATUSES: readonly AckStatus[] = ['held', 'full', 'refused'];

export function writeFrameHeader(writer: ByteWriter, monoMs: number): void {
  writer.u8(FRAME_FORMAT);
  writer.f64(monoMs);
}

/** The sender's monotonic milliseconds, or null for a frame of another format. */
export function readFrameHeader(reader: ByteReader): number | null {
  const format = reader.u8();
  const monoMs = reader.f64();
  return reader.ok && format === FRAME_FORMAT && Math.abs(monoMs) <= MONOTONIC_MS_MAX ? monoMs : null;
}

export function writeControl(writer: ByteWriter, message: Control): void {
  writer.u8(MESSAGE[message.type]);
  switch (message.type) {
    case 'ping':
    case 'pingAck':
      writer.varint(message.seq, CORRELATION_MAX);
      writeStatus(writer, message.status);
      return;
    case 'pingRequest':
      writer.varint(message.seq, CORRELATION_MAX);
      writer.nodeId(message.target);
      return;
    case 'pingRequestAnswer':
      writer.varint(message.seq, CORRELATION_MAX);
      writer.u8(message.reached ? 1 : 0);
      return;
    case 'view':
      writer.varint(message.entries.length, LISTS.viewEntries);
      for (const entry of message.entries) writeViewEntry(writer, entry);
      return;
    case 'leavesRequest':
    case 'leaves':
    case 'syncRequest':
    case 'gapRequest':
    case 'syncEnd':
    case 'fetch':
      writeAsked(writer, message);
  }
}

/** What repair and reads ask of a peer, and the short answers. */
function writeAsked(writer: ByteWriter, message: Asked): void {
  switch (message.type) {
    case 'leavesRequest':
      return;
    case 'leaves':
      for (const half of message.leaves) writer.i32(half);
      return;
    case 'syncRequest':
      writer.varint(message.session, CORRELATION_MAX);
      writeLeafNumbers(writer, message.leaves);
      return;
    case 'gapRequest':
      writer.varint(message.session, CORRELATION_MAX);
      writer.varint(message.from, SEQUENCE_MAX);
      writer.varint(message.to, SEQUENCE_MAX);
      return;
    case 'syncEnd':
      writer.varint(message.session, CORRELATION_MAX);
      writer.varint(message.through, SEQUENCE_MAX);
      return;
    case 'fetch':
      writer.varint(message.requestId, CORRELATION_MAX);
      writer.byteString(message.key);
      writeVersion(writer, message.minVersion);
      writer.u8(message.isMetadataOnly ? 1 : 0);
  }
}

/** A stamp of 0 stands for no version, and is nobody's: everything is newer. */
function writeVersion(writer: ByteWriter, version: Version | null): void {
  const hlc = version?.hlc ?? 0;
  writer.varint(hlc, STAMP_MAX);
  if (version !== null && hlc > 0) writer.nodeId(version.origin);
}

function readVersion(reader: ByteReader): Version | null {
  const hlc = reader.varintUpTo(STAMP_MAX);
  return hlc === 0 ? null : { hlc, origin: reader.nodeId() };
}

export function writeAcks(writer: ByteWriter, acks: readonly Ack[]): void {
  writer.u8(MESSAGE.ack);
  writer.varint(acks.length, LISTS.acks);
  for (const ack of acks) {
    writer.varint(ack.seq, SEQUENCE_MAX);
    writer.u8(ACK_STATUSES.indexOf(ack.status));
  }
}

export function writeBulk(writer: ByteWriter, message: Bulk, sender: NodeId, monoMs: number): void {
  writer.u8(MESSAGE[message.type]);
  switch (message.type) {
    case 'write':
    case 'relay':
      writeRecord(writer, message.entry, sender, monoMs);
      return;
    case 'syncRecords':
      writer.varint(message.session, CORRELATION_MAX);
      writer.varint(message.entries.length, LISTS.records);
      for (const entry of message.entries) writeRecord(writer, entry, sender, monoMs);
      return;
    case 'fetchReply':
      writer.varint(message.requestId, CORRELATION_MAX);
      writeFound(writer, message, sender, monoMs);
  }
}

export function writeChunk(
  writer: ByteWriter,
  chunk: { transfer: number; total: number; offset: number; bytes: Uint8Array },
): void {
  const { transfer, total, offset, bytes } = chunk;
  writeChunkHead(writer, { transfer, total, offset, length: bytes.byteLength });
  writer.raw(bytes);
}

/** All of a chunk but its bytes. */
export function writeChunkHead(
  writer: ByteWriter,
  chunk: { transfer: number; total: number; offset: number; length: number },
): void {
  writer.u8(MESSAGE.chunk);
  writer.varint(chunk.transfer, CORRELATION_MAX);
  writer.varint(chunk.total, BLOB_BYTES_MAX);
  writer.varint(chunk.offset, BLOB_BYTES_MAX);
  writer.varint(chunk.length, BLOB_BYTES_MAX);
}

/** Reads the next message. Null when it is not one: `problem` of the reader says why. */
export function readMessage(reader: ByteReader, sender: NodeId, transitMs: number): Received | null {
  const message = readBody(reader.u8(), reader, sender, transitMs);
  return reader.ok ? message : null;
}

function readBody(type: number, reader: ByteReader, sender: NodeId, transitMs: number): Received | null {
  switch (type) {
    case MESSAGE.ping:
      return { type: 'ping', seq: reader.varint(CORRELATION_MAX), status: readStatus(reader) };
    case MESSAGE.pingAck:
      return { type: 'pingAck', seq: reader.varint(CORRELATION_MAX), status: readStatus(reader) };
    case MESSAGE.pingRequest:
      return { type: 'pingRequest', seq: reader.varint(CORRELATION_MAX), target: reader.nodeId() };
    case MESSAGE.pingRequestAnswer:
      return { type: 'pingRequestAnswer', seq: reader.varint(CORRELATION_MAX), reached: reader.u8() === 1 };
    case MESSAGE.view:
      return { type: 'view', entries: readList(reader, LISTS.viewEntries, readViewEntry) };
    case MESSAGE.relay:
      return { type: 'relay', record: readRecord(reader, sender, transitMs, false) };
    case MESSAGE.write:
      return { type: 'write', record: readRecord(reader, sender, transitMs, true) };
    case MESSAGE.ack:
      return { type: 'acks', acks: readList(reader, LISTS.acks, readAck) };
    case MESSAGE.chunk:
      return {
        type: 'chunk',
        transfer: reader.varint(CORRELATION_MAX),
        total: reader.varint(BLOB_BYTES_MAX),
        offset: reader.varint(BLOB_BYTES_MAX),
        bytes: reader.blob(BLOB_BYTES_MAX),
      };
    default:
      return readRepair(type, reader, sender, transitMs);
  }
}

function readRepair(type: number, reader: ByteReader, sender: NodeId, transitMs: number): Received | null {
  switch (type) {
    case MESSAGE.leavesRequest:
      return { type: 'leavesRequest' };
    case MESSAGE.leaves:
      return { type: 'leaves', leaves: readLeaves(reader) };
    case MESSAGE.syncRequest:
      return {
        type: 'syncRequest',
        session: reader.varint(CORRELATION_MAX),
        leaves: readLeafNumbers(reader),
      };
    case MESSAGE.syncRecords: {
      const session = reader.varint(CORRELATION_MAX);
      const record = (): ReturnType<typeof readRecord> => readRecord(reader, sender, transitMs, true);
      return { type: 'syncRecords', session, records: readList(reader, LISTS.records, record) };
    }
    case MESSAGE.syncEnd:
      return {
        type: 'syncEnd',
        session: reader.varint(CORRELATION_MAX),
        through: reader.varint(SEQUENCE_MAX),
      };
    case MESSAGE.gapRequest:
      return {
        type: 'gapRequest',
        session: reader.varint(CORRELATION_MAX),
        from: reader.varint(SEQUENCE_MAX),
        to: reader.varint(SEQUENCE_MAX),
      };
    case MESSAGE.fetch: {
      const requestId = reader.varint(CORRELATION_MAX);
      return {
        type: 'fetch',
        requestId,
        key: reader.key(KEY_BYTES_MAX),
        minVersion: readVersion(reader),
        isMetadataOnly: reader.u8() === 1,
      };
    }
    case MESSAGE.fetchReply:
      return readFound(reader, sender, transitMs);
    default:
      reader.fail(`no message of type ${type}`);
      return null;
  }
}

function readAck(reader: ByteReader): Ack {
  const seq = reader.varint(SEQUENCE_MAX);
  const status = reader.u8();
  if (status >= ACK_STATUSES.length) reader.fail('no such status');
  return { seq, status: ACK_STATUSES[status] };
}

/** All leaves, or a count and ascending leaf numbers as differences. */
function writeLeafNumbers(writer: ByteWriter, leaves: readonly number[] | null): void {
  if (leaves === null) {
    writer.varint(0, LEAVES);
    return;
  }
  writer.varint(leaves.length, LEAVES);
  let last = 0;
  for (const leaf of leaves) {
    writer.varint(leaf - last, LEAVES);
    last = leaf;
  }
}

function readLeafNumbers(reader: ByteReader): number[] | null {
  const count = reader.varint(LEAVES);
  if (count === 0) return null;
  let last = 0;
  return readList(
    reader,
    LEAVES,
    () => {
      last += reader.varint(LEAVES);
      if (last >= LEAVES) reader.fail('no such leaf');
      return last;
    },
    count,
  );
}

function readLeaves(reader: ByteReader): Int32Array {
  const leaves = new Int32Array(2 * LEAVES);
  for (let i = 0; reader.ok && i < leaves.length; i += 1) leaves[i] = reader.i32();
  return leaves;
}
