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

  /** Time passes while the machine is awake, and then while it sleeps. */
  function pass(clocks: ReturnType<typeof machine>, awakeMs: number, asleepMs = 0): void {
    clocks.awakeMs += awakeMs;
    clocks.wallMs += awakeMs + asleepMs;
    if (clocks.bootMs !== null) clocks.bootMs += awakeMs + asleepMs;
  }

  it('counts at once what the machine slept', () => {
    const slept = machine();
    pass(slept, 0, HOUR_MS);
    expect(slept.clock.now().monoMs).toBe(1000 + HOUR_MS);
    slept.awakeMs += 5;
    expect(slept.clock.monoMs()).toBe(1005 + HOUR_MS);
  });

  it('counts it also where the wall clock was set before, or is put right by seconds as it wakes', () => {
    const set = machine();
    set.wallMs -= 2 * HOUR_MS;
    set.clock.now();
    pass(set, 1000, HOUR_MS);
    set.wallMs -= 20_000;
    expect(set.clock.now().monoMs).toBe(2000 + HOUR_MS);
  });

  it('adds up sleeps too short for the resolution', () => {
    const many = machine();
    for (let sleeps = 1; sleeps <= 10; sleeps += 1) {
      pass(many, 1000, 200);
      many.clock.now();
    }
    expect(many.clock.now().monoMs).toBeGreaterThanOrEqual(11_000 + 1500);
  });

  it.each([HOUR_MS, 30 * 24 * HOUR_MS, -HOUR_MS])(
    'does not heed an uptime that leaps by %i ms alone, as that of another machine',
    (byMs) => {
      const leapt = machine();
      pass(leapt, 1000);
      leapt.bootMs = (leapt.bootMs ?? 0) + byMs;
      expect(leapt.clock.now().monoMs).toBe(2000);
      pass(leapt, 1000);
      expect(leapt.clock.now().monoMs).toBe(3000);
      pass(leapt, 1000, HOUR_MS);
      expect(leapt.clock.now().monoMs).toBe(4000 + HOUR_MS);
    },
  );

  it('counts the sleeps of a machine whose uptime has a resolution of a second', () => {
    const coarse = machine();
    let upMs = 5000;
    for (let at = 0; at < 5000; at += 1) {
      pass(coarse, 1003);
      upMs += 1003;
      coarse.bootMs = Math.floor(upMs / 1000) * 1000;
      coarse.clock.now();
    }
    expect(coarse.clock.now().monoMs).toBe(1000 + 5000 * 1003);
    pass(coarse, 0, HOUR_MS);
    const counted = coarse.clock.now().monoMs - (1000 + 5000 * 1003);
    expect(Math.abs(counted - HOUR_MS)).toBeLessThanOrEqual(1000);
  });

  it('does not take for sleep that the process stood still between two readings', () => {
    const stood = machine();
    pass(stood, 1000);
    let isFirst = true;
    const clock = new SystemClock(
      () => {
        if (isFirst && stood.awakeMs > 2000) {
          isFirst = false;
          pass(stood, HOUR_MS);
        }
        return stood.bootMs;
      },
      () => stood.awakeMs,
      () => stood.wallMs,
    );
    clock.now();
    pass(stood, 1000);
    for (let reads = 0; reads < 3; reads += 1) clock.now();
    expect(clock.now().monoMs).toBe(stood.awakeMs);
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
