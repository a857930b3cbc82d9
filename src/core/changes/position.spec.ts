import fc from 'fast-check';
import { readPosition, writePosition, type Position } from './position';

const id = fc
  .tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff))
  .map((halves) => halves.map((half) => half.toString(16).padStart(8, '0')).join(''));

const position: fc.Arbitrary<Position> = fc
  .record({
    node: id,
    endedThroughMs: fc.integer({ min: -60_000, max: 2 ** 40 }),
    endedThroughTimeMs: fc.integer({ min: 0, max: 2 ** 41 }),
    told: fc.uniqueArray(fc.tuple(id, fc.nat(2 ** 30), fc.nat(1000)), { selector: ([origin]) => origin }),
  })
  .map(({ told, ...rest }) => ({
    ...rest,
    through: new Map(told.map(([origin, through]) => [origin, through])),
    beyond: new Map(told.filter(([, , by]) => by > 0).map(([origin, through, by]) => [origin, through + by])),
  }));

describe('a position', () => {
  it('stays short enough to be sent back, however many have written', () => {
    const many = Array.from({ length: 2000 }, (_, n) => n.toString(16).padStart(16, '0'));
    const written = writePosition({
      node: 'a'.repeat(16),
      endedThroughMs: 1,
      endedThroughTimeMs: 2,
      through: new Map(many.map((origin) => [origin, 2 ** 30])),
      beyond: new Map(),
    });
    expect(Buffer.from(written).toString('base64url').length).toBeLessThan(8192);
    expect(readPosition(written)?.through.size).toBe(400);
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(position, (written) => {
        expect(readPosition(writePosition(written))).toEqual(written);
      }),
    );
  });

  it('is nothing else, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const read = readPosition(bytes);
        if (read !== null) expect(Buffer.from(writePosition(read))).toEqual(Buffer.from(bytes));
      }),
    );
    const whole = writePosition({
      node: 'a'.repeat(16),
      endedThroughMs: 1,
      endedThroughTimeMs: 2,
      through: new Map([['b'.repeat(16), 3]]),
      beyond: new Map(),
    });
    for (let length = 0; length < whole.length; length += 1)
      expect(readPosition(whole.subarray(0, length))).toBeNull();
    expect(readPosition(Uint8Array.from([...whole, 0]))).toBeNull();
  });
});
