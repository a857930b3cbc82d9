import { hostId } from './host-id';
import { randomId, randomSeed } from './random';
import { systemNow } from './system-clock';
import { FirstTime } from './first-time';

describe('the machine', () => {
  it('has a monotonic clock and a wall clock', () => {
    const [before, after] = [systemNow(), systemNow()];
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
