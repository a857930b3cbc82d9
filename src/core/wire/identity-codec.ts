// Identities and view entries on the wire.
import type { NodeIdentity } from '../membership/identity';
import type { ByteReader, ByteWriter } from './bytes';
import type { ViewEntry } from './messages';

const STATES = ['alive', 'suspect', 'dead', 'left'] as const;
/** 34 years: nothing in a view is older, and sums stay exact. */
const SINCE_MS_MAX = 2 ** 40;
/** As in a greeting. */
const ADDRESSES_MAX = 4;
/** Far above what a life of accusations leads to, and far enough below what a varint carries to be raised for ever. */
export const INCARNATION_MAX = 2 ** 48;

export function writeIdentity(writer: ByteWriter, identity: NodeIdentity): void {
  writer.nodeId(identity.id);
  writer.text(identity.name);
  writer.text(identity.cluster);
  writer.text(identity.hostId);
  writer.varint(identity.listenPort);
  writer.varint(identity.advertisedPort);
  writer.varint(identity.addresses.length);
  for (const address of identity.addresses) writer.text(address);
}

export function readIdentity(reader: ByteReader): NodeIdentity {
  const id = reader.nodeId();
  const name = readPrintable(reader);
  const cluster = readPrintable(reader);
  const hostId = readPrintable(reader);
  const listenPort = readPort(reader);
  const advertisedPort = readPort(reader);
  const count = reader.varint();
  if (count > ADDRESSES_MAX) reader.ok = false;
  const addresses: string[] = [];
  for (let i = 0; reader.ok && i < count; i += 1) addresses.push(readPrintable(reader));
  return { id, name, cluster, hostId, listenPort, advertisedPort, addresses };
}

/** Text without control characters, so that it may be shown on a terminal. */
function readPrintable(reader: ByteReader): string {
  const text = reader.text();
  if (/\p{Cc}/u.test(text)) reader.ok = false;
  return text;
}

function readPort(reader: ByteReader): number {
  const port = reader.varint();
  if (port < 1 || port > 65_535) reader.ok = false;
  return port;
}

export function writeViewEntry(writer: ByteWriter, entry: ViewEntry): void {
  writeIdentity(writer, entry.identity);
  writer.u8(STATES.indexOf(entry.state) | (entry.direct ? 4 : 0));
  writer.varint(entry.incarnation);
  writer.nodeId(entry.by);
  writer.text(entry.address);
  writer.varint(Math.min(SINCE_MS_MAX, Math.round(entry.sinceMs)));
}

export function readViewEntry(reader: ByteReader): ViewEntry {
  const identity = readIdentity(reader);
  const flags = reader.u8();
  const incarnation = reader.varint();
  if (incarnation > INCARNATION_MAX) reader.ok = false;
  const by = reader.nodeId();
  const address = readPrintable(reader);
  const sinceMs = reader.varint();
  if (sinceMs > SINCE_MS_MAX) reader.ok = false;
  const state = STATES[flags & 3];
  return { identity, state, direct: (flags & 4) !== 0, incarnation, by, address, sinceMs };
}
