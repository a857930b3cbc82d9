import { type ChargedWrite, Occupancy, type OccupancyLimits } from './occupancy';

interface Write {
  readonly bytes: number;
  readonly deadline: number;
}

/** The definition, over all writes. */
function exactly(writes: readonly Write[], now: number): OccupancyLimits {
  const live = writes.filter(({ deadline }) => deadline > now);
  return {
    bytes: live.reduce((sum, { bytes }) => sum + bytes, 0),
    byteSeconds: live.reduce((sum, { bytes, deadline }) => sum + bytes * (deadline - now), 0),
  };
}

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A write of a key that nobody holds. */
const fresh = (bytes: number, ttlSeconds: number): ChargedWrite => ({ bytes, ttlSeconds, replaced: null });

const occupied = (writes: readonly Write[]): Occupancy => {
  const occupancy = new Occupancy();
  for (const { bytes, deadline } of writes) occupancy.charge(fresh(bytes, deadline), 0);
  return occupancy;
};

it('falls with the life that is left, and ends with it', () => {
  const occupancy = occupied([
    { bytes: 10, deadline: 100 },
    { bytes: 5, deadline: 40 },
  ]);
  expect(occupancy.usedAt(0)).toEqual({ bytes: 15, byteSeconds: 1200 });
  expect(occupancy.usedAt(20)).toEqual({ bytes: 15, byteSeconds: 900 });
  expect(occupancy.usedAt(40)).toEqual({ bytes: 10, byteSeconds: 600 });
  expect(occupancy.usedAt(100)).toEqual({ bytes: 0, byteSeconds: 0 });
});

it.each([1, 2, 3])('is exact for few writes, and never too little for many (seed %i)', (seed) => {
  const next = random(seed);
  const writes: Write[] = [];
  const occupancy = new Occupancy();
  let now = 0;
  for (let i = 0; i < 2000; i += 1) {
    now += next() * 20;
    const write = { bytes: Math.floor(next() * 1e6), deadline: Math.ceil(now + 300 + next() ** 4 * 86_100) };
    writes.push(write);
    occupancy.charge(fresh(write.bytes, write.deadline - now), now);
    if (i > 40 && i % 20 !== 0) continue;
    const [used, exact] = [occupancy.usedAt(now), exactly(writes, now)];
    if (i < 32) expect(used.byteSeconds).toBeCloseTo(exact.byteSeconds, 0);
    expect(used.bytes).toBeGreaterThanOrEqual(exact.bytes);
    expect(used.byteSeconds).toBeGreaterThanOrEqual(exact.byteSeconds - 1);
    if (i > 200) expect(used.byteSeconds).toBeLessThan(exact.byteSeconds * 1.1);
  }
});

it('charges a steady stream a few percent too much at most', () => {
  const occupancy = new Occupancy();
  const writes: Write[] = [];
  for (let now = 0; now < 7200; now += 1) {
    writes.push({ bytes: 100, deadline: now + 3600 });
    occupancy.charge(fresh(100, 3600), now);
  }
  const exact = exactly(writes, 7199).byteSeconds;
  expect(occupancy.usedAt(7199).byteSeconds).toBeLessThan(exact * 1.04);
});

it('takes back what was refused in the end', () => {
  const occupancy = occupied([{ bytes: 10, deadline: 100 }]);
  occupancy.charge(fresh(7, 50), 0)();
  expect(occupancy.usedAt(0)).toEqual({ bytes: 10, byteSeconds: 1000 });
});

it.each([6, 7, 8, 9])(
  'the wait is true: after it the value fits, a moment before it does not (seed %i)',
  (seed) => {
    const next = random(seed);
    for (let round = 0; round < 300; round += 1) {
      const count = 1 + Math.floor(next() * 20);
      const writes = Array.from({ length: count }, () => ({
        bytes: 1 + Math.floor(next() * 1000),
        deadline: 1 + Math.floor(next() * 1000),
      }));
      const more = { bytes: 1 + Math.floor(next() * 800), byteSeconds: 1 + Math.floor(next() * 200_000) };
      const limits = {
        bytes: 800 + Math.floor(next() * 4000),
        byteSeconds: 200_000 + Math.floor(next() * 1e6),
      };
      const wait =
        occupied(writes).waitSeconds(fresh(more.bytes, more.byteSeconds / more.bytes), limits, 0) ?? NaN;
      const fitsAt = (now: number): boolean => {
        const used = exactly(writes, now);
        return (
          used.bytes + more.bytes <= limits.bytes && used.byteSeconds + more.byteSeconds <= limits.byteSeconds
        );
      };
      expect(fitsAt(wait + 1e-6)).toBe(true);
      if (wait > 0.02) expect(fitsAt(wait - 0.02)).toBe(false);
    }
  },
);

it('what is too much by itself never fits', () => {
  const limits = { bytes: 100, byteSeconds: 1000 };
  expect(new Occupancy().waitSeconds(fresh(101, 0.01), limits, 0)).toBeNull();
  expect(new Occupancy().waitSeconds(fresh(1, 1001), limits, 0)).toBeNull();
  expect(new Occupancy().waitSeconds(fresh(100, 10), limits, 0)).toBe(0);
});
