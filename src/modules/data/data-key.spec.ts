import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { readKey } from './data-key';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

it.each([
  ['plain', 'plain'],
  ['a/b', 'a/b'],
  ['a%2Fb', 'a/b'],
  ['a%2fb', 'a/b'],
  ['%E2%82%AC', '€'],
  ['%f0%9f%8c%b1', '🌱'],
  ['a+b', 'a+b'],
  ['%25', '%'],
  ['%2525', '%25'],
  ['%00', '\0'],
  ['.', '.'],
  ['../x', '../x'],
  ['/', '/'],
  [Buffer.from('ü').toString('latin1'), 'ü'],
])('reads %j as the key %j', (encoded, key) => {
  const reading = readKey(encoded, 1024);
  expect(reading.kind).toBe('key');
  expect(reading.kind === 'key' && Buffer.compare(reading.bytes, utf8(key))).toBe(0);
});

it.each([
  '%',
  '%Z',
  '%ZZ',
  '%4',
  'abc%',
  '%%41',
  '% 41',
  '%+1',
  '%C3',
  '%FF',
  '%C0%80',
  '%ED%A0%80',
  '%F5%80%80%80',
  '\xff',
])('refuses %j as no percent-encoded UTF-8', (encoded) => {
  expect(readKey(encoded, 1024).kind).toBe('invalid');
});

it('tells an empty key from a wrong one', () => {
  expect(readKey('', 1024)).toEqual({ kind: 'missing' });
});

it('counts the bytes after decoding against the limit', () => {
  expect(readKey('%41'.repeat(1024), 1024).kind).toBe('key');
  expect(readKey('a'.repeat(1025), 1024)).toEqual({ kind: 'too-long', bytes: 1025 });
  expect(readKey('%E2%82%AC'.repeat(342), 1024)).toEqual({ kind: 'too-long', bytes: 1026 });
});

describe('any key', () => {
  /** As Node.js hands out a request line: one character per byte. */
  const target = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.string({ unit: fc.constantFrom(...'%%%0123456789abcdefABCDEFgG/+ .\u00c3\u00a9'.split('')) }),
  );

  /** The same with every byte above ASCII percent-encoded, for JavaScript's own decoder. */
  const asAscii = (encoded: string): string =>
    encoded.replace(/[\x80-\xff]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);

  it('comes back from however many of its bytes are percent-encoded', () => {
    const key = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(key, fc.array(fc.boolean(), { minLength: 1 }), (text, choices) => {
        const bytes = Buffer.from(text);
        const encoded = [...bytes].map((byte, at) => {
          const mustBe = byte === 0x25 || choices[at % choices.length];
          return mustBe ? `%${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte);
        });
        expect(readKey(encoded.join(''), 1024)).toEqual(
          bytes.length > 1024 ? { kind: 'too-long', bytes: bytes.length } : { kind: 'key', bytes },
        );
      }),
    );
  });

  it('is UTF-8 within the limit, or none, whatever was sent', () => {
    fc.assert(
      fc.property(target, fc.integer({ min: 1, max: 40 }), (encoded, bytesMax) => {
        const reading = readKey(encoded, bytesMax);
        if (reading.kind !== 'key') return;
        expect(isUtf8(reading.bytes)).toBe(true);
        expect(reading.bytes.length).toBeGreaterThan(0);
        expect(reading.bytes.length).toBeLessThanOrEqual(bytesMax);
        expect(Buffer.from(reading.bytes).toString()).toBe(decodeURIComponent(asAscii(encoded)));
      }),
      { numRuns: 3000 },
    );
  });

  it('is refused only for what decodeURIComponent would refuse too', () => {
    fc.assert(
      fc.property(target, (encoded) => {
        if (readKey(encoded, 1_000_000).kind !== 'invalid') return;
        expect(() => decodeURIComponent(asAscii(encoded))).toThrow(URIError);
      }),
      { numRuns: 3000 },
    );
  });
});
