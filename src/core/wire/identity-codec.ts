// Identities as bytes, the same in greetings and in frames, and the entries of views that hold
// them. One writer and one reader: what either allows is said here and nowhere else.
import { assert } from '../base/assert';
import {
  ADDRESSES_BYTES_MAX,
  INCARNATION_MAX,
  LISTS,
  PORT_MAX,
  SPAN_MS_MAX,
  TEXT_BYTES,
} from '../base/bounds';
import type { NodeIdentity } from '../base/identity';
import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';
import { readList } from './lists';
import type { ViewEntry } from './messages';
import { utf8Length } from './utf8';

const STATES = ['alive', 'suspect', 'dead', 'left'] as const;

/**
 * A name that is too long is cut, an address that is too long left out. Id, cluster and host are
 * compared, so half of one would be another: settings and readers have bounded them.
 */
export function writeIdentity(writer: ByteWriter, identity: NodeIdentity): void {
  assert(/^[0-9a-f]{16}$/.test(identity.id), 'a node id is 16 hexadecimal digits');
  writer.nodeId(identity.id);
  const isWholeCluster = writer.text(identity.cluster, TEXT_BYTES.cluster);
  assert(isWholeCluster, 'the cluster name fits an identity');
  writer.text(identity.name, TEXT_BYTES.name);
  const isWholeHost = writer.text(identity.hostId, TEXT_BYTES.hostId);
  assert(isWholeHost, 'the host id fits an identity');
  writer.varint(identity.listenPort, PORT_MAX);
  writer.varint(identity.advertisedPort, PORT_MAX);
  const addresses = fittingAddresses(identity.addresses);
  writer.varint(addresses.length, LISTS.addresses);
  for (const address of addresses) writer.text(address, TEXT_BYTES.address);
}

/** Never throws. What does not fit is the reader's problem, with the name of its field. */
export function readIdentity(reader: ByteReader): NodeIdentity {
  const id = reader.field('id').nodeId();
  const cluster = reader.field('cluster').text(TEXT_BYTES.cluster);
  const name = reader.field('name').text(TEXT_BYTES.name);
  const hostId = reader.field('hostId').text(TEXT_BYTES.hostId);
  const listenPort = readPort(reader.field('listenPort'));
  const advertisedPort = readPort(reader.field('advertisedPort'));
  const addresses = readList(reader.field('addresses'), LISTS.addresses, () =>
    reader.text(TEXT_BYTES.address),
  );
  reader.field(null);
  return { id, name, cluster, hostId, listenPort, advertisedPort, addresses };
}

export function writeViewEntry(writer: ByteWriter, entry: ViewEntry): void {
  writeIdentity(writer, entry.identity);
  writer.u8(STATES.indexOf(entry.state) | (entry.direct ? 4 : 0));
  writer.varint(entry.incarnation, INCARNATION_MAX);
  writer.nodeId(entry.by);
  writer.text(entry.address, TEXT_BYTES.address);
  writer.varint(entry.sinceMs, SPAN_MS_MAX);
}

export function readViewEntry(reader: ByteReader): ViewEntry {
  const identity = readIdentity(reader);
  const flags = reader.field('state').u8();
  const incarnation = reader.field('incarnation').varint(INCARNATION_MAX);
  const by = reader.field('by').nodeId();
  const address = reader.field('address').text(TEXT_BYTES.address);
  const sinceMs = reader.field('sinceMs').varint(SPAN_MS_MAX);
  reader.field(null);
  const state = STATES[flags & 3];
  return { identity, state, direct: (flags & 4) !== 0, incarnation, by, address, sinceMs };
}

function readPort(reader: ByteReader): number {
  const port = reader.varint(PORT_MAX);
  if (port < 1) reader.fail('no port');
  return port;
}

/** The first that fit one by one and together, which keeps a welcome shorter than a hello. */
function fittingAddresses(addresses: readonly string[]): string[] {
  const fitting: string[] = [];
  let room: number = ADDRESSES_BYTES_MAX;
  for (const address of addresses) {
    const bytes = utf8Length(address);
    if (bytes > TEXT_BYTES.address || bytes > room || fitting.length === LISTS.addresses) continue;
    fitting.push(address);
    room -= bytes;
  }
  return fitting;
}
