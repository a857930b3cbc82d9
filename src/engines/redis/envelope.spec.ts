import { HEADER_BYTES, readChange, readFacts, recordOf, writeFacts } from './envelope';

const ORIGIN = '0123456789abcdef';
const STAMP = 7_531_251_099_648_001;
const facts = writeFacts(STAMP, Buffer.from(ORIGIN, 'hex'), 3, 86_400_000);
const deadline = Buffer.alloc(8);
deadline.writeBigUInt64BE(1_764_338_400_123n);
const known = {
  version: { hlc: STAMP, origin: ORIGIN },
  ttlMs: 86_400_000,
  deadlineServerMs: 1_764_338_400_123,
  valueBytes: 3,
};

describe('what is stored beside a value', () => {
  const stored = Buffer.concat([Buffer.from([2]), deadline, facts, Buffer.from('abc')]);

  it('is read as it was written', () => {
    expect(readFacts(stored)).toEqual(known);
    expect(Buffer.from(recordOf(known, stored, 1).value).toString()).toBe('abc');
  });

  it('is read of a change too', () => {
    const entry = Buffer.concat([Buffer.from('p'), stored.subarray(1, HEADER_BYTES), Buffer.from('key')]);
    expect(readChange(entry)).toEqual({ kind: 'put', key: Buffer.from('key'), ...known });
  });

  it('is nothing where something else is stored', () => {
    expect(readFacts(Buffer.from('a value that another program has written under this name'))).toBeNull();
    expect(readFacts(Buffer.alloc(0))).toBeNull();
  });

  it('does not keep alive what came with a small value', () => {
    const piece = Buffer.concat([stored, Buffer.alloc(60_000)]).subarray(0, stored.length);
    expect(recordOf(known, piece, 1).value.buffer).not.toBe(piece.buffer);
  });
});
