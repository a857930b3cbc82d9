// Identities and view entries on the wire.
import type { NodeIdentity } from '../base/identity';
import { INCARNATION_MAX, LISTS, PORT_MAX, SPAN_MS_MAX, TEXT_UNITS } from '../base/bounds';
import type { ByteReader, ByteWriter } from './bytes';
import { readList } from './lists';
import type { ViewEntry } from './messages';

const STATES = ['alive', 'suspect', 'dead', 'left'] as const;

export function writeIdentity(writer: ByteWriter, identity: NodeIdentity): void {
  writer.nodeId(identity.id);
  writer.text(identity.name, TEXT_UNITS.name);
  writer.text(identity.cluster, TEXT_UNITS.cluster);
  writer.text(identity.hostId, TEXT_UNITS.hostId);
  writer.varint(identity.listenPort, PORT_MAX);
  writer.varint(identity.advertisedPort, PORT_MAX);
  const addresses = identity.addresses.slice(0, LISTS.addresses);
  writer.varint(addresses.length, LISTS.addresses);
  for (const address of addresses) writer.text(address, TEXT_UNITS.address);
}

export function readIdentity(reader: ByteReader): NodeIdentity {
  const id = reader.nodeId();
  const name = readPrintable(reader, TEXT_UNITS.name);
  const cluster = readPrintable(reader, TEXT_UNITS.cluster);
  const hostId = readPrintable(reader, TEXT_UNITS.hostId);
  const listenPort = readPort(reader);
  const advertisedPort = readPort(reader);
  const addresses = readList(reader, LISTS.addresses, () => readPrintable(reader, TEXT_UNITS.address));
  return { id, name, cluster, hostId, listenPort, advertisedPort, addresses };
}

/** Text without control characters, so that it may be shown on a terminal. */
function readPrintable(reader: ByteReader, unitsMax: number): string {
  const text = reader.text(unitsMax);
  if (/\p{Cc}/u.test(text)) reader.ok = false;
  return text;
}

function readPort(reader: ByteReader): number {
  const port = reader.varint(PORT_MAX);
  if (port < 1) reader.ok = false;
  return port;
}

export function writeViewEntry(writer: ByteWriter, entry: ViewEntry): void {
  writeIdentity(writer, entry.identity);
  writer.u8(STATES.indexOf(entry.state) | (entry.direct ? 4 : 0));
  writer.varint(entry.incarnation, INCARNATION_MAX);
  writer.nodeId(entry.by);
  writer.text(entry.address, TEXT_UNITS.address);
  writer.varint(entry.sinceMs, SPAN_MS_MAX);
}

export function readViewEntry(reader: ByteReader): ViewEntry {
  const identity = readIdentity(reader);
  const flags = reader.u8();
  const incarnation = reader.varint(INCARNATION_MAX);
  const by = reader.nodeId();
  const address = readPrintable(reader, TEXT_UNITS.address);
  const sinceMs = reader.varint(SPAN_MS_MAX);
  const state = STATES[flags & 3];
  return { identity, state, direct: (flags & 4) !== 0, incarnation, by, address, sinceMs };
}
