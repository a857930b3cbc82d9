// The frames with which two nodes become peers (docs/protocol.md, Greeting), before any other frame
// crosses a link:
//
//   dialer    hello    identity, nonce, zeros up to GREETING_BYTES_MIN
//   listener  welcome  identity, nonce
//   dialer    confirm  proof of the cluster's key (empty without a secret)
//   listener  admit    the same of the listener
//   either    reject   a code of one byte, instead of any of the above
//
// Each starts with 'RPRM', its kind and the protocol version. Invariants: decoding never throws and
// never believes a length; a welcome is never longer than a hello, so nobody gets more bytes out of
// a node than he put in.
import { assert } from '../base/assert';
import type { NodeIdentity } from '../base/identity';
import { FieldReader, FieldWriter, utf8Encode } from './greeting-fields';

export const PROTOCOL_VERSION = 2;

/** Least size of a hello in bytes; `encodeWelcome` stays below it whatever the identity holds. */
export const GREETING_BYTES_MIN = 1024;

/**
 * Bytes in UTF-8. Settings must keep to `clusterBytesMax` and `hostIdBytesMax`; a longer name is
 * cut.
 */
export const GREETING_LIMITS = {
  clusterBytesMax: 128,
  nameBytesMax: 128,
  hostIdBytesMax: 64,
  addresses: 4,
  addressBytesMax: 255,
  /** Of all addresses together, length bytes included; what does not fit is left out. */
  addressesBytesMax: 512,
  nonceBytes: 16,
  proofBytesMax: 64,
} as const;

const KINDS = ['hello', 'welcome', 'confirm', 'reject', 'admit'] as const;
const REJECT_CODES = ['other-cluster', 'other-secret', 'self', 'protocol', 'forbidden'] as const;
const MAGIC = Uint8Array.of(0x52, 0x50, 0x52, 0x4d);
const HEADER_BYTES = 7;

export type RejectCode = (typeof REJECT_CODES)[number];

export type Greeting =
  | { readonly kind: 'hello' | 'welcome'; readonly identity: NodeIdentity; readonly nonce: Uint8Array }
  | { readonly kind: 'confirm' | 'admit'; readonly proof: Uint8Array }
  | { readonly kind: 'reject'; readonly code: RejectCode }
  | { readonly kind: 'other-protocol'; readonly protocolVersion: number }
  | { readonly kind: 'junk'; readonly problem: string };

export function encodeHello(identity: NodeIdentity, nonce: Uint8Array): Uint8Array {
  return introduce('hello', identity, nonce).finish(GREETING_BYTES_MIN);
}

export function encodeWelcome(identity: NodeIdentity, nonce: Uint8Array): Uint8Array {
  return introduce('welcome', identity, nonce).finish();
}

export function encodeConfirm(proof: Uint8Array): Uint8Array {
  return begin('confirm').prefixed(proof).finish();
}

export function encodeAdmit(proof: Uint8Array): Uint8Array {
  return begin('admit').prefixed(proof).finish();
}

export function encodeReject(code: RejectCode): Uint8Array {
  return begin('reject').uint(REJECT_CODES.indexOf(code), 1).finish();
}

/**
 * Reads any bytes whatever. A reject is understood from every protocol version, the rest only from
 * this one.
 */
export function decodeGreeting(bytes: Uint8Array): Greeting {
  const reader = new FieldReader(bytes);
  const magic = reader.raw(MAGIC.length);
  if (!MAGIC.every((byte, at) => magic[at] === byte)) return { kind: 'junk', problem: 'not a greeting' };
  const kind = KINDS.at(reader.uint(1));
  const protocolVersion = reader.uint(2);
  if (bytes.length < HEADER_BYTES) return { kind: 'junk', problem: 'truncated' };
  if (kind !== 'reject' && protocolVersion !== PROTOCOL_VERSION) {
    return { kind: 'other-protocol', protocolVersion };
  }
  if (kind === undefined) return { kind: 'junk', problem: 'unknown kind of greeting' };
  const greeting = decodeBody(kind, reader, bytes);
  const problem = reader.problem();
  return problem === null ? greeting : { kind: 'junk', problem };
}

function decodeBody(kind: (typeof KINDS)[number], reader: FieldReader, bytes: Uint8Array): Greeting {
  switch (kind) {
    case 'hello':
      if (bytes.length < GREETING_BYTES_MIN) reader.fail('hello too short');
      return introduction(kind, reader);
    case 'welcome':
      return introduction(kind, reader);
    case 'confirm':
    case 'admit':
      return { kind, proof: reader.prefixed(GREETING_LIMITS.proofBytesMax) };
    case 'reject':
      return { kind, code: REJECT_CODES.at(reader.uint(1)) ?? 'forbidden' };
  }
}

function introduction(kind: 'hello' | 'welcome', reader: FieldReader): Greeting {
  return { kind, identity: readIdentity(reader), nonce: reader.raw(GREETING_LIMITS.nonceBytes) };
}

function begin(kind: (typeof KINDS)[number]): FieldWriter {
  return new FieldWriter().raw(MAGIC).uint(KINDS.indexOf(kind), 1).uint(PROTOCOL_VERSION, 2);
}

function introduce(kind: 'hello' | 'welcome', identity: NodeIdentity, nonce: Uint8Array): FieldWriter {
  assert(nonce.length === GREETING_LIMITS.nonceBytes, 'a greeting nonce has 16 bytes');
  const writer = begin(kind);
  writeIdentity(writer, identity);
  return writer.raw(nonce);
}

function writeIdentity(writer: FieldWriter, identity: NodeIdentity): void {
  const cluster = utf8Encode(identity.cluster);
  const hostId = utf8Encode(identity.hostId);
  assert(/^[0-9a-f]{16}$/.test(identity.id), 'a node id is 16 hexadecimal digits');
  assert(cluster.length <= GREETING_LIMITS.clusterBytesMax, 'the cluster name fits a greeting');
  assert(hostId.length <= GREETING_LIMITS.hostIdBytesMax, 'the host id fits a greeting');
  for (let at = 0; at < 16; at += 2) writer.uint(Number.parseInt(identity.id.slice(at, at + 2), 16), 1);
  writer.prefixed(cluster).prefixed(displayedName(identity.name)).prefixed(hostId);
  writer.uint(identity.listenPort, 2).uint(identity.advertisedPort, 2);
  const addresses = fittingAddresses(identity.addresses);
  writer.uint(addresses.length, 1);
  for (const address of addresses) writer.prefixed(address);
}

function displayedName(name: string): Uint8Array {
  const cut: number[] = [];
  for (const character of name.replace(/\p{Cc}/gu, '')) {
    const bytes = utf8Encode(character);
    if (cut.length + bytes.length > GREETING_LIMITS.nameBytesMax) break;
    cut.push(...bytes);
  }
  return Uint8Array.from(cut);
}

function fittingAddresses(addresses: readonly string[]): Uint8Array[] {
  const fitting: Uint8Array[] = [];
  let room: number = GREETING_LIMITS.addressesBytesMax;
  for (const address of addresses) {
    const bytes = utf8Encode(address);
    const fits = bytes.length <= GREETING_LIMITS.addressBytesMax && bytes.length + 1 <= room;
    if (!fits || fitting.length === GREETING_LIMITS.addresses) continue;
    fitting.push(bytes);
    room -= bytes.length + 1;
  }
  return fitting;
}

function readIdentity(reader: FieldReader): NodeIdentity {
  let id = '';
  for (const byte of reader.raw(8)) id += byte.toString(16).padStart(2, '0');
  const cluster = reader.text(GREETING_LIMITS.clusterBytesMax);
  const name = reader.text(GREETING_LIMITS.nameBytesMax);
  const hostId = reader.text(GREETING_LIMITS.hostIdBytesMax);
  const listenPort = reader.port();
  const advertisedPort = reader.port();
  const count = reader.uint(1);
  if (count > GREETING_LIMITS.addresses) reader.fail('too many addresses');
  const addresses: string[] = [];
  while (addresses.length < count && reader.problem() === null) {
    addresses.push(reader.text(GREETING_LIMITS.addressBytesMax));
  }
  return { id, name, cluster, hostId, listenPort, advertisedPort, addresses };
}
