// Keys that a peer sends and no client could name: not UTF-8, or none at all. Listed they would be
// shown as others, and pages of a listing would never end.
import { HLC_TICKS_PER_MS } from '../../src/core/base/version';
import { writeChunk } from '../../src/core/wire/codec';
import { FRAME_HEADER_BYTES } from '../../src/core/wire/messages';
import { LoneCore } from '../support/core/lone-core';
import { frameOf, forgeWrite, stranger } from '../support/core/forged-frames';

const LIAR = stranger('2');
const NO_UTF8 = '\xff\xfe\x80';

function writeFrame(raw: LoneCore, key: string): Uint8Array {
  const hlc = raw.wallMs * HLC_TICKS_PER_MS;
  const value = Buffer.from('from a peer');
  return frameOf((writer) => {
    forgeWrite(writer, { key, value, hlc, seq: 1, ttlMs: 60_000, age: 0, coverMs: 0 });
  }, raw.monoMs);
}

function victim(): LoneCore {
  const raw = new LoneCore();
  raw.put('treasure', 'gold', 'one');
  return raw;
}

/** The link is closed, nothing was acknowledged, and the node holds what it held. */
function expectRefused(raw: LoneCore, link: number): void {
  expect(raw.closed).toContainEqual({ linkId: link, reason: 'protocol-error' });
  expect(raw.said(link).filter(({ type }) => type === 'acks')).toEqual([]);
  expect(raw.core.report().storage.keys).toBe(1);
  expect(raw.read('treasure')).toBe('gold');
  expect(raw.core.audit()).toEqual([]);
}

describe('a record under a key that is', () => {
  it.each([
    ['no UTF-8', NO_UTF8],
    ['an overlong', '\xc0\x80'],
    ['a surrogate', '\xed\xa0\x80'],
    ['empty', ''],
  ])('%s costs the link, is not acknowledged and not listed', (_, key) => {
    const raw = victim();
    const link = raw.linked(LIAR);
    raw.frame(link, writeFrame(raw, key));
    raw.advance(100);
    expectRefused(raw, link);
  });

  it('no UTF-8 costs the link as well when it comes in chunks', () => {
    const raw = victim();
    const link = raw.linked(LIAR);
    const bytes = writeFrame(raw, NO_UTF8).subarray(FRAME_HEADER_BYTES);
    const chunk = { transfer: 1, total: bytes.byteLength, offset: 0, bytes };
    raw.frame(
      link,
      frameOf((writer) => {
        writeChunk(writer, chunk);
      }, raw.monoMs),
    );
    expectRefused(raw, link);
  });

  it.each(['ü', '\0', '\uffff', '\u{10ffff}', '\ufeffa'])('%j is taken like any other', (text) => {
    const raw = victim();
    const link = raw.linked(LIAR);
    raw.frame(link, writeFrame(raw, Buffer.from(text).toString('latin1')));
    expect(raw.read(text)).toBe('from a peer');
    expect(raw.isOpen(link)).toBe(true);
  });
});
