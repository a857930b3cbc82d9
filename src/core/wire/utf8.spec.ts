// What is taken for well-formed UTF-8, against what Node.js takes for it at the edge.
import { isUtf8 as isUtf8AtTheEdge } from 'node:buffer';
import fc from 'fast-check';
import { isUtf8, utf8Cut, utf8Decode, utf8Encode, utf8Length } from './utf8';

function judge(...bytes: readonly number[]): boolean {
  return isUtf8(Uint8Array.from(bytes), 0, bytes.length);
}

describe('well-formed UTF-8', () => {
  it.each([
    ['a byte that begins nothing', [0xff, 0xfe, 0x80]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['an overlong of three bytes', [0xe0, 0x9f, 0xbf]],
    ['an overlong of four bytes', [0xf0, 0x8f, 0xbf, 0xbf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['what is beyond the last character', [0xf4, 0x90, 0x80, 0x80]],
    ['a tail without a head', [0x80]],
    ['a head without all of its tail', [0xf0, 0x9f, 0x8c]],
  ])('is not %s', (_, bytes) => {
    expect(judge(...bytes)).toBe(false);
    expect(judge(0x61, ...bytes)).toBe(false);
  });

  it('is what the edge takes for it: every beginning of two bytes, with every length of tail', () => {
    const differing: number[][] = [];
    for (let first = 0; first < 256; first += 1)
      for (let second = 0; second < 256; second += 1)
        for (const tail of [[], [0x80], [0xbf, 0x80], [0x80, 0xc0], [0x61]]) {
          const bytes = [first, second, ...tail];
          if (judge(...bytes) !== isUtf8AtTheEdge(Uint8Array.from(bytes))) differing.push(bytes);
        }
    expect(differing).toEqual([]);
  });

  it('is what the edge takes for it: any text, and any text with a byte changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), fc.nat(255), (text, at, byte) => {
        const bytes = Uint8Array.from(Buffer.from(text));
        expect(isUtf8(bytes, 0, bytes.length)).toBe(true);
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        expect(isUtf8(bytes, 0, bytes.length)).toBe(isUtf8AtTheEdge(bytes));
      }),
    );
  });

  it('is judged between two places only', () => {
    const bytes = Uint8Array.from([0xff, 0xc3, 0xbc, 0xff]);
    expect(isUtf8(bytes, 1, 3)).toBe(true);
    expect(isUtf8(bytes, 1, 2)).toBe(false);
  });
});

describe('text as UTF-8', () => {
  it('agrees with Node.js on every text, lone surrogates included', () => {
    const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(anyText, (text) => {
        expect([...utf8Encode(text)]).toEqual([...Buffer.from(text, 'utf8')]);
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('agrees with Node.js on what is well-formed', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const oracle = (bytes: Uint8Array): string | null => {
      try {
        return strict.decode(bytes);
      } catch {
        return null;
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
        expect(utf8Decode(bytes)).toBe(oracle(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('is cut at the end of a character, to as many bytes as allowed or less', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, bytesMax) => {
        const cut = utf8Cut(utf8Encode(text), bytesMax);
        expect(cut.length).toBeLessThanOrEqual(bytesMax);
        expect(text.startsWith(utf8Decode(cut) ?? 'no text')).toBe(true);
        expect(cut.length).toBeGreaterThan(Math.min(bytesMax, utf8Length(text)) - 4);
      }),
    );
  });
});
