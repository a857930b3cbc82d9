import { hostId } from './host-id';
import { randomId, randomSeed } from './random';
import { SystemClock, systemUptimeMs } from './system-clock';
import { FirstTime } from './first-time';

describe('the machine', () => {
  it('has a monotonic clock and a wall clock', () => {
    const clock = new SystemClock();
    const [before, after] = [clock.now(), clock.now()];
    expect(after.monoMs).toBeGreaterThanOrEqual(before.monoMs);
    expect(Math.abs(after.wallMs - Date.now())).toBeLessThan(1000);
  });

  it('names nodes with 16 hexadecimal digits and seeds with 32 bits', () => {
    const ids = new Set(Array.from({ length: 100 }, randomId));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
    const seed = randomSeed();
    expect(seed).toBe(seed >>> 0);
  });

  it('has one host id for all processes of a network, and none where /proc does not tell', () => {
    const id = hostId();
    if (process.platform === 'linux') expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(hostId()).toBe(id);
    expect(new Set([id, hostId('127.0.0.2'), hostId('127.0.0.3')]).size).toBe(id === null ? 1 : 3);
    expect(hostId('127.0.0.1', '/proc/nowhere')).toBeNull();
  });
});

describe('the monotonic clock', () => {
  const HOUR_MS = 3_600_000;

  /** A machine whose three clocks move as told. */
  function machine(): { awakeMs: number; bootMs: number | null; wallMs: number; clock: SystemClock } {
    const clocks = { awakeMs: 1000, bootMs: 5000 as number | null, wallMs: 1_800_000_000_000 };
    const clock = new SystemClock(
      () => clocks.bootMs,
      () => clocks.awakeMs,
      () => clocks.wallMs,
    );
    clock.now();
    return Object.assign(clocks, { clock });
  }

  it('counts what the machine slept, at once where the wall clock ran on and within a second where not', () => {
    const ran = machine();
    ran.bootMs = 5000 + HOUR_MS;
    ran.wallMs += HOUR_MS;
    expect(ran.clock.now().monoMs).toBe(1000 + HOUR_MS);
    ran.awakeMs += 5;
    expect(ran.clock.monoMs()).toBe(1005 + HOUR_MS);
    const stood = machine();
    stood.bootMs = 6000 + HOUR_MS;
    stood.awakeMs += 1000;
    expect(stood.clock.now().monoMs).toBe(2000 + HOUR_MS);
  });

  it('adds up sleeps too short for the resolution', () => {
    const many = machine();
    for (let sleeps = 1; sleeps <= 10; sleeps += 1) {
      many.awakeMs += 1000;
      many.bootMs = 5000 + 1000 * sleeps + 200 * sleeps;
      many.clock.now();
    }
    expect(many.clock.now().monoMs).toBeGreaterThanOrEqual(11_000 + 1500);
  });

  it.each([HOUR_MS, -HOUR_MS, 56 * 365 * 24 * HOUR_MS])('does not heed a wall clock set by %i ms', (byMs) => {
    const set = machine();
    set.wallMs += byMs;
    expect(set.clock.now()).toEqual({ monoMs: 1000, wallMs: 1_800_000_000_000 + byMs });
  });

  it('goes on without a boot clock, and with one that goes backwards or starts anew', () => {
    const without = machine();
    without.bootMs = null;
    without.awakeMs += 5000;
    expect(without.clock.now().monoMs).toBe(6000);
    const anew = machine();
    anew.bootMs = 0;
    anew.awakeMs += 2000;
    expect(anew.clock.now().monoMs).toBe(3000);
    anew.bootMs = 2000;
    anew.awakeMs += 2000;
    expect(anew.clock.now().monoMs).toBe(5000);
  });

  it('is told by this machine how long it has been up', () => {
    expect(systemUptimeMs()).toBeGreaterThan(0);
  });
});

describe('FirstTime', () => {
  it('is true once each and forgets the oldest beyond its limit', () => {
    const firstTime = new FirstTime(2);
    expect(['a', 'b', 'a', 'c', 'b', 'a'].map((what) => firstTime.isFirst(what))).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});
