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
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { readIdentity, writeIdentity } from './identity-codec';

export const PROTOCOL_VERSION = 2;

/** Least size of a hello in bytes; `encodeWelcome` stays below it whatever the identity holds. */
export const GREETING_BYTES_MIN = 1024;

export const NONCE_BYTES = 16;
const PROOF_BYTES_MAX = 64;

const KINDS = ['hello', 'welcome', 'confirm', 'reject', 'admit'] as const;
const REJECT_CODES = ['other-cluster', 'other-secret', 'self', 'protocol', 'forbidden'] as const;
const MAGIC = Uint8Array.of(0x52, 0x50, 0x52, 0x4d);

export type RejectCode = (typeof REJECT_CODES)[number];

export type Greeting =
  | { readonly kind: 'hello' | 'welcome'; readonly identity: NodeIdentity; readonly nonce: Uint8Array }
  | { readonly kind: 'confirm' | 'admit'; readonly proof: Uint8Array }
  | { readonly kind: 'reject'; readonly code: RejectCode }
  | { readonly kind: 'other-protocol'; readonly protocolVersion: number }
  | { readonly kind: 'junk'; readonly problem: string };

export function encodeHello(identity: NodeIdentity, nonce: Uint8Array): Uint8Array {
  const hello = new Uint8Array(GREETING_BYTES_MIN);
  hello.set(introduction('hello', identity, nonce));
  return hello;
}

export function encodeWelcome(identity: NodeIdentity, nonce: Uint8Array): Uint8Array {
  return introduction('welcome', identity, nonce);
}

export function encodeConfirm(proof: Uint8Array): Uint8Array {
  return proofOf('confirm', proof);
}

export function encodeAdmit(proof: Uint8Array): Uint8Array {
  return proofOf('admit', proof);
}

export function encodeReject(code: RejectCode): Uint8Array {
  const writer = begin('reject');
  writer.u8(REJECT_CODES.indexOf(code));
  return writer.take();
}

/**
 * Reads any bytes whatever. A reject is understood from every protocol version, the rest only from
 * this one.
 */
export function decodeGreeting(bytes: Uint8Array): Greeting {
  const reader = new ByteReader(bytes);
  const magic = reader.raw(MAGIC.length);
  if (!MAGIC.every((byte, at) => magic[at] === byte)) return { kind: 'junk', problem: 'not a greeting' };
  const kind = KINDS.at(reader.u8());
  const protocolVersion = reader.u8() * 256 + reader.u8();
  if (!reader.ok) return { kind: 'junk', problem: 'truncated' };
  if (kind !== 'reject' && protocolVersion !== PROTOCOL_VERSION) {
    return { kind: 'other-protocol', protocolVersion };
  }
  if (kind === undefined) return { kind: 'junk', problem: 'unknown kind of greeting' };
  if (kind === 'hello' && bytes.length < GREETING_BYTES_MIN)
    return { kind: 'junk', problem: 'hello too short' };
  const greeting = readBody(kind, reader);
  const { problem } = reader;
  return problem === null ? greeting : { kind: 'junk', problem };
}

function readBody(kind: (typeof KINDS)[number], reader: ByteReader): Greeting {
  switch (kind) {
    case 'hello':
    case 'welcome':
      return { kind, identity: readIdentity(reader), nonce: reader.field('nonce').raw(NONCE_BYTES) };
    case 'confirm':
    case 'admit':
      return { kind, proof: reader.field('proof').blob(PROOF_BYTES_MAX) };
    case 'reject':
      return { kind, code: REJECT_CODES.at(reader.field('code').u8()) ?? 'forbidden' };
  }
}

function begin(kind: (typeof KINDS)[number]): ByteWriter {
  const writer = new ByteWriter(GREETING_BYTES_MIN);
  writer.raw(MAGIC);
  writer.u8(KINDS.indexOf(kind));
  writer.u8(PROTOCOL_VERSION >> 8);
  writer.u8(PROTOCOL_VERSION & 0xff);
  return writer;
}

function introduction(kind: 'hello' | 'welcome', identity: NodeIdentity, nonce: Uint8Array): Uint8Array {
  assert(nonce.length === NONCE_BYTES, 'a greeting nonce has 16 bytes');
  const writer = begin(kind);
  writeIdentity(writer, identity);
  writer.raw(nonce);
  return writer.take();
}

function proofOf(kind: 'confirm' | 'admit', proof: Uint8Array): Uint8Array {
  const writer = begin(kind);
  writer.blob(proof);
  return writer.take();
}
