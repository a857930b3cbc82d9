// What a fetch is answered with, on the wire behind the number of the request.
import type { NodeId } from '../base/identity';
import { BLOB_BYTES_MAX, CORRELATION_MAX } from '../base/bounds';
import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';
import type { Bulk, Received } from './messages';
import { readRecord, writeRecord } from './record-codec';

/**
 * There is nothing; a record; the sender holds nothing, and that may
 * be its own fault; a record whose value stays behind.
 */
const NOTHING = 0;
const FETCHED = 1;
const NOT_HERE = 2;
const DESCRIBED = 3;

export function writeFound(
  writer: ByteWriter,
  { entry, valueBytes, isSure }: Extract<Bulk, { type: 'fetchReply' }>,
  sender: NodeId,
  monoMs: number,
): void {
  if (entry === null) {
    writer.u8(isSure ? NOTHING : NOT_HERE);
    return;
  }
  writer.u8(valueBytes === null ? FETCHED : DESCRIBED);
  if (valueBytes !== null) writer.varint(valueBytes, BLOB_BYTES_MAX);
  writeRecord(writer, entry, sender, monoMs);
}

export function readFound(reader: ByteReader, sender: NodeId, transitMs: number): Received {
  const requestId = reader.varint(CORRELATION_MAX);
  const word = reader.u8();
  if (word > DESCRIBED) reader.fail('no such answer');
  const valueBytes = word === DESCRIBED ? reader.varint(BLOB_BYTES_MAX) : null;
  const hasRecord = word === FETCHED || word === DESCRIBED;
  const record = hasRecord ? readRecord(reader, sender, transitMs, false) : null;
  if (valueBytes !== null && record?.value !== null)
    reader.fail('a value beside the length of the one left behind');
  return { type: 'fetchReply', requestId, record, valueBytes, isSure: word === NOTHING };
}
