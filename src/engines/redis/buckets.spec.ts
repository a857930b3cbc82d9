import { Buckets, CLUSTER_BUCKETS as BUCKETS, logEntries, slotOf } from './buckets';

describe('the buckets of keys', () => {
  const buckets = Buckets.of('repram', true);

  it('have the slots that a Cluster gives their tags', () => {
    // Of the Cluster specification: CRC16 of 123456789 is 31C3.
    expect(slotOf('123456789')).toBe(0x31c3);
  });

  it('have equal shares of the slots, so that primaries have equal shares of them', () => {
    const slots = Array.from({ length: BUCKETS }, (_, bucket) => buckets.keys(bucket).slot);
    expect(slots.map((slot) => Math.floor(slot / 256))).toEqual(
      Array.from({ length: BUCKETS }, (_, at) => at),
    );
  });

  it('share keys evenly, keys that count up too', () => {
    const counts = new Array<number>(BUCKETS).fill(0);
    for (let at = 0; at < 64_000; at += 1) counts[buckets.of(Buffer.from(`user/${at}`))] += 1;
    expect(Math.min(...counts)).toBeGreaterThan(700);
    expect(Math.max(...counts)).toBeLessThan(1300);
  });

  it('are one on a server alone, which remembers as many changes as all of a Cluster', () => {
    const alone = Buckets.of('repram', false);
    expect(['a', 'b', 'c'].map((key) => alone.of(Buffer.from(key)))).toEqual([0, 0, 0]);
    expect([alone.count, logEntries(alone.count)]).toEqual([1, BUCKETS * logEntries(BUCKETS)]);
  });

  it('name a value by network, tag and key, whatever braces the key has', () => {
    const key = Buffer.from('{x}');
    const bucket = buckets.of(key);
    const name = Buffer.concat(buckets.valueKey(bucket, key)).toString();
    expect(name).toMatch(/^repram:\{\d+\}:1:v:\{x\}$/);
    expect(slotOf(/\{(.*?)\}/.exec(name)?.[1] ?? '')).toBe(buckets.keys(bucket).slot);
  });
});
