import { RecentChanges } from './recent-changes';

const entry = (text: string, bucket = 0) => ({ bucket, place: { ms: 1, seq: 0 }, bytes: Buffer.from(text) });

describe('a change', () => {
  it('is new once, wherever in the stream it comes again', () => {
    const recent = new RecentChanges();
    expect(['a', 'b', 'a', 'b', 'c'].map((text) => recent.isNew(entry(text)))).toEqual([
      ...[true, true, false, false, true],
    ]);
    expect(recent.isNew({ ...entry('a'), place: { ms: 2, seq: 5 } })).toBe(false);
  });

  it('is another one in another bucket', () => {
    const recent = new RecentChanges();
    expect([recent.isNew(entry('a', 0)), recent.isNew(entry('a', 1))]).toEqual([true, true]);
  });

  it('is new again for those who begin to listen', () => {
    const recent = new RecentChanges();
    recent.isNew(entry('a'));
    recent.clear();
    expect(recent.isNew(entry('a'))).toBe(true);
  });

  it('is forgotten when thousands of others have come', () => {
    const recent = new RecentChanges();
    for (let at = 0; at < 40_000; at += 1) expect(recent.isNew(entry(`change ${at}`))).toBe(true);
    expect(recent.isNew(entry('change 0'))).toBe(true);
    expect(recent.isNew(entry('change 39999'))).toBe(false);
  });
});
