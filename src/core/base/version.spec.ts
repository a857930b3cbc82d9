import fc from 'fast-check';
import { correctionMs, medianOffsetMs } from '../version/clock-offset';
import { HybridClock } from '../version/hybrid-clock';
import { STAMP_MAX } from './bounds';
import {
  compareVersions,
  formatVersion,
  HLC_TICKS_PER_MS,
  nextVersion,
  parseVersion,
  type Version,
} from './version';

const versions = fc.record({
  hlc: fc.integer({ min: 1, max: STAMP_MAX }),
  origin: fc.stringMatching(/^[0-9a-f]{16}$/),
});

describe('versions', () => {
  it('are totally ordered: by stamp, then by origin', () => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('survive their text form', () => {
    fc.assert(
      fc.property(versions, (version) => {
        expect(parseVersion(formatVersion(version))).toEqual(version);
        expect(formatVersion(version)).toBe(`${version.hlc.toString(16)}-${version.origin}`);
      }),
    );
  });

  it('have a next one, with nothing between', () => {
    fc.assert(
      fc.property(versions, versions, (version, other) => {
        const next = nextVersion(version);
        expect(compareVersions(next, version)).toBeGreaterThan(0);
        if (compareVersions(other, version) > 0)
          expect(compareVersions(other, next)).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(nextVersion({ hlc: 7, origin: 'f'.repeat(16) })).toEqual({ hlc: 8, origin: '0'.repeat(16) });
    expect(nextVersion({ hlc: 7, origin: '00000000000000ff' })).toEqual({
      hlc: 7,
      origin: '0000000000000100',
    });
  });

  it.each([
    '',
    '-',
    '12',
    'zz-0123456789abcdef',
    '12-0123456789abcde',
    '12-0123456789ABCDEF',
    '"1-0123456789abcdef"',
    '0-0123456789abcdef',
    `${(STAMP_MAX + 1).toString(16)}-0123456789abcdef`,
    '1fffffffffffff-0123456789abcdef',
  ])('are not parsed from %j', (text) => {
    expect(parseVersion(text)).toBeNull();
  });
});

describe('the hybrid clock', () => {
  it('follows the wall clock while that is ahead', () => {
    const clock = new HybridClock(10_000);
    expect(clock.stamp(1000)).toBe(1000 * HLC_TICKS_PER_MS);
    expect(clock.stamp(2000)).toBe(2000 * HLC_TICKS_PER_MS);
  });

  it('never gives a stamp twice, even when the wall clock stands still or jumps back', () => {
    const clock = new HybridClock(10_000);
    const stamps = [1000, 1000, 999, 10, 1000].map((wallMs) => clock.stamp(wallMs));
    const sorted = [...new Set(stamps)].sort((a, b) => a - b);
    expect(stamps).toEqual(sorted);
  });

  it('gives no stamp that peers would refuse to read, whatever the wall clock says', () => {
    for (const wallMs of [-1, 0, 2 ** 43, Number.MAX_SAFE_INTEGER, Infinity]) {
      const stamp = new HybridClock(10_000).stamp(wallMs);
      expect(stamp).toBeGreaterThanOrEqual(1);
      expect(stamp).toBeLessThanOrEqual(STAMP_MAX);
    }
  });

  it('stamps after whatever it has observed', () => {
    const clock = new HybridClock(10_000);
    const seen: Version = { hlc: 5000 * HLC_TICKS_PER_MS, origin: 'ffffffffffffffff' };
    clock.observe(seen.hlc, 1000);
    expect(clock.stamp(1000)).toBeGreaterThan(seen.hlc);
  });
});

describe('the hybrid clock that somebody would drag along', () => {
  it('observes nothing beyond the allowed offset, however small the steps', () => {
    const clock = new HybridClock(10_000);
    for (let aheadMs = 5000; aheadMs <= 1_000_000; aheadMs += 5000)
      clock.observe((1000 + aheadMs) * HLC_TICKS_PER_MS, 1000);
    expect(clock.stamp(1000)).toBe(11_000 * HLC_TICKS_PER_MS + 1);
  });

  it('stamps above the version it replaces, and other keys by the clock', () => {
    const clock = new HybridClock(10_000);
    const replaced = 5_000_000 * HLC_TICKS_PER_MS;
    expect(clock.stamp(1000, replaced)).toBe(replaced + 1);
    expect(clock.stamp(1000)).toBe(1000 * HLC_TICKS_PER_MS + 1);
  });

  it('begins anew when the wall clock was set back further than that', () => {
    const clock = new HybridClock(10_000);
    clock.stamp(100_000);
    expect(clock.stamp(40_000)).toBe(40_000 * HLC_TICKS_PER_MS);
    expect(clock.stamp(40_000)).toBe(40_000 * HLC_TICKS_PER_MS + 1);
  });
});

describe('the clock correction', () => {
  it.each([
    [[], null],
    [[7], 7],
    [[-30_000, 10], -14_995],
    [[-30_000, -29_000, 5], -29_000],
  ])('of peers at %j is judged by the median %j', (offsets, median) => {
    expect(medianOffsetMs(offsets)).toBe(median);
  });

  it('is zero within half of the allowed offset and the median beyond', () => {
    expect(correctionMs([4900, 5000], 10_000)).toBe(0);
    expect(correctionMs([-6000, -7000, -8000, -9000], 10_000)).toBe(-7000);
    expect(correctionMs([], 10_000)).toBe(0);
  });

  it('is not fooled by one peer out of three, nor by one out of two', () => {
    expect(correctionMs([0, 3, 60_000], 10_000)).toBe(0);
    expect(correctionMs([3, 60_000], 10_000)).toBe(0);
  });

  it('never exceeds the allowed offset, whatever any number of peers says', () => {
    const claims = fc.array(fc.integer({ min: -(2 ** 42), max: 2 ** 42 }), { maxLength: 40 });
    fc.assert(
      fc.property(claims, (offsetsMs) => {
        expect(Math.abs(correctionMs(offsetsMs, 10_000))).toBeLessThanOrEqual(10_000);
      }),
    );
    expect(correctionMs(Array<number>(8).fill(2 ** 41), 10_000)).toBe(10_000);
  });

  it('leads any nodes whose clocks disagree to times that they accept of each other', () => {
    const walls = fc.array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(walls, (wallsMs) => {
        const corrected = wallsMs.map((ownMs, at) => {
          const others = wallsMs.filter((_, other) => other !== at);
          return (
            ownMs +
            correctionMs(
              others.map((otherMs) => otherMs - ownMs),
              10_000,
            )
          );
        });
        expect(Math.max(...corrected) - Math.min(...corrected)).toBeLessThanOrEqual(10_000);
      }),
    );
  });
});
