import fc from 'fast-check';
import { TEXT_BYTES } from '../base/bounds';
import type { NodeIdentity } from '../base/identity';
import {
  decodeGreeting,
  encodeAdmit,
  encodeConfirm,
  encodeHello,
  encodeReject,
  encodeWelcome,
  GREETING_BYTES_MIN,
} from './greeting';

const identity: NodeIdentity = {
  id: '00ffa0b1c2d3e4f5',
  name: 'flux-node-1 Zürich 🙂',
  cluster: 'repram',
  hostId: '9f8e7d6c5b4a3928',
  listenPort: 8081,
  advertisedPort: 38081,
  addresses: ['203.0.113.7', '2001:db8::7'],
};
const nonce = Uint8Array.from({ length: 16 }, (_, at) => at * 7);
const proof = new Uint8Array(32).fill(0xab);

const printable = (bytesMax: number) =>
  fc
    .string({ unit: 'grapheme', maxLength: bytesMax })
    .filter((text) => Buffer.byteLength(text) <= bytesMax && !/\p{Cc}/u.test(text));
const port = fc.integer({ min: 1, max: 65535 });
const anyIdentity: fc.Arbitrary<NodeIdentity> = fc.record({
  id: fc
    .uint8Array({ minLength: 8, maxLength: 8 })
    .map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, 8).toString('hex')),
  name: printable(TEXT_BYTES.name),
  cluster: printable(TEXT_BYTES.cluster),
  hostId: printable(TEXT_BYTES.hostId),
  listenPort: port,
  advertisedPort: port,
  addresses: fc.array(printable(120), { maxLength: 4 }),
});
const anyNonce = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('a greeting', () => {
  it('comes back from the wire as it was sent', () => {
    fc.assert(
      fc.property(anyIdentity, anyNonce, (someone, someNonce) => {
        expect(decodeGreeting(encodeHello(someone, someNonce))).toEqual({
          kind: 'hello',
          identity: someone,
          nonce: someNonce,
        });
        expect(decodeGreeting(encodeWelcome(someone, someNonce))).toEqual({
          kind: 'welcome',
          identity: someone,
          nonce: someNonce,
        });
      }),
      { numRuns: 300 },
    );
    expect(decodeGreeting(encodeConfirm(proof))).toEqual({ kind: 'confirm', proof });
    expect(decodeGreeting(encodeAdmit(proof))).toEqual({ kind: 'admit', proof });
    expect(decodeGreeting(encodeConfirm(new Uint8Array(0)))).toEqual({
      kind: 'confirm',
      proof: new Uint8Array(0),
    });
  });

  it.each(['other-cluster', 'other-secret', 'self', 'protocol', 'forbidden'] as const)(
    'tells why it is rejected: %s',
    (code) => {
      expect(decodeGreeting(encodeReject(code))).toEqual({ kind: 'reject', code });
      expect(encodeReject(code).length).toBeLessThan(16);
    },
  );

  it('never answers a hello with more bytes than it got, however much the node has to say', () => {
    const talkative: NodeIdentity = {
      ...identity,
      name: 'é'.repeat(500),
      cluster: 'c'.repeat(TEXT_BYTES.cluster),
      hostId: 'h'.repeat(TEXT_BYTES.hostId),
      addresses: Array.from({ length: 9 }, (_, at) => `${at}`.padStart(200 - at, 'a')),
    };
    const welcome = encodeWelcome(talkative, nonce);
    expect(encodeHello(talkative, nonce)).toHaveLength(GREETING_BYTES_MIN);
    expect(welcome.length).toBeLessThanOrEqual(GREETING_BYTES_MIN);
    const decoded = decodeGreeting(welcome);
    expect(decoded.kind === 'welcome' && decoded.identity.name).toBe('é'.repeat(64));
    expect(decoded.kind === 'welcome' && decoded.identity.addresses).toHaveLength(2);
  });

  it('is never believed when it is junk, and junk never throws', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), (bytes) => {
        kinds.add(decodeGreeting(bytes).kind);
      }),
      { numRuns: 1000 },
    );
    expect([...kinds]).toEqual(['junk']);
  });

  it('survives any byte changed and any cut of a real one', () => {
    const frames = [
      encodeHello(identity, nonce),
      encodeWelcome(identity, nonce),
      encodeConfirm(proof),
      encodeAdmit(proof),
      encodeReject('self'),
    ];
    for (const frame of frames) {
      for (let at = 0; at < Math.min(frame.length, 200); at += 1) {
        for (const change of [0x01, 0x80, 0xff]) {
          const changed = frame.slice();
          changed[at] ^= change;
          expect(typeof decodeGreeting(changed).kind).toBe('string');
        }
        expect(['junk', 'other-protocol']).toContain(decodeGreeting(frame.subarray(0, at)).kind);
      }
    }
  });

  it('of another protocol version is named as such, a reject is understood all the same', () => {
    const hello = encodeHello(identity, nonce);
    hello[6] = 1;
    expect(decodeGreeting(hello)).toEqual({ kind: 'other-protocol', protocolVersion: 1 });
    const reject = encodeReject('protocol');
    reject[6] = 9;
    expect(decodeGreeting(reject)).toEqual({ kind: 'reject', code: 'protocol' });
  });

  it('that is too short to be a hello is junk', () => {
    expect(decodeGreeting(encodeHello(identity, nonce).subarray(0, GREETING_BYTES_MIN - 1))).toEqual({
      kind: 'junk',
      problem: 'hello too short',
    });
  });

  it.each([
    ['cluster: control characters', 'repram', 0x07],
    ['name: no UTF-8', 'flux', 0xff],
    ['hostId: control characters', '9f8e', 0x1b],
    ['addresses: control characters', '203', 0x00],
  ])('is junk with a problem that names the field: %s', (problem, text, byte) => {
    const welcome = Buffer.from(encodeWelcome(identity, nonce));
    welcome[welcome.indexOf(text)] = byte;
    expect(decodeGreeting(welcome)).toEqual({ kind: 'junk', problem });
  });

  it.each([
    [{ listenPort: 0 }, 'listenPort: no port'],
    [{ advertisedPort: -1 }, 'advertisedPort: no port'],
  ])('is junk without a port: %j', (changes, problem) => {
    expect(decodeGreeting(encodeHello({ ...identity, ...changes }, nonce))).toEqual({
      kind: 'junk',
      problem,
    });
  });

  it('is never made of a cluster, a host or an id that would have to be cut', () => {
    const greet = (changes: Partial<NodeIdentity>) => () => encodeHello({ ...identity, ...changes }, nonce);
    expect(greet({ cluster: 'ü'.repeat(TEXT_BYTES.cluster / 2) })).not.toThrow();
    expect(greet({ cluster: 'ü'.repeat(TEXT_BYTES.cluster / 2 + 1) })).toThrow('the cluster name fits');
    expect(greet({ hostId: 'h'.repeat(TEXT_BYTES.hostId + 1) })).toThrow('the host id fits');
    expect(greet({ id: 'f' })).toThrow('a node id is 16 hexadecimal digits');
  });
});
