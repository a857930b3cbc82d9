import { WriteLog } from './write-log';

describe('the log of own writes', () => {
  it('knows the keys of the last writes and forgets the oldest first', () => {
    const log = new WriteLog(4);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) log.append(key);
    expect([log.first, log.last]).toEqual([3, 6]);
    expect([2, 3, 4, 5, 6, 7].map((seq) => log.keyOf(seq))).toEqual([
      undefined,
      'c',
      'd',
      'e',
      'f',
      undefined,
    ]);
  });

  it('keeps no more than eight megabytes of keys, and always the last one', () => {
    const log = new WriteLog();
    const key = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 20; i += 1) log.append(key);
    expect([log.first, log.last, log.keyOf(20)]).toEqual([13, 20, key]);
  });

  it('remembers nothing before the first write', () => {
    const log = new WriteLog();
    expect([log.first, log.last, log.keyOf(0), log.keyOf(1)]).toEqual([1, 0, undefined, undefined]);
  });
});
