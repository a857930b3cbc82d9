import { ClientQuota } from './client-quota';
import type { ChargedWrite } from './occupancy';

/** A write of a key that nobody holds. */
const fresh = (bytes: number, ttlSeconds: number): ChargedWrite => ({ bytes, ttlSeconds, replaced: null });

const LIMITS = { bytes: 1000, byteSeconds: 10_000 };

it('is kept for each client apart', () => {
  const quota = new ClientQuota();
  quota.charge('a', fresh(100, 100), 0);
  expect(quota.waitSeconds('a', fresh(10, 100), LIMITS, 0)).toBeCloseTo(10);
  expect(quota.waitSeconds('b', fresh(10, 100), LIMITS, 0)).toBe(0);
});

it('gives back what was not stored after all', () => {
  const quota = new ClientQuota();
  const undo = quota.charge('a', fresh(100, 100), 0);
  undo();
  expect(quota.used('a', 0)).toEqual({ bytes: 0, byteSeconds: 0 });
});

it('holds a bounded number of clients, and a flood of addresses does not make it forget who occupies much', () => {
  const quota = new ClientQuota(50);
  quota.charge('heavy', fresh(90, 100), 0);
  for (let i = 0; i < 10_000; i += 1) quota.charge(`small-${i}`, fresh(1, 10), 0);
  expect(quota.size).toBe(50);
  expect(quota.used('heavy', 0).bytes).toBe(90);
});

it('lets those go first that occupy nothing any more', () => {
  const quota = new ClientQuota(2);
  quota.charge('over', fresh(900, 10), 0);
  quota.charge('live', fresh(1, 100), 0);
  quota.charge('new', fresh(1, 100), 20);
  expect(quota.used('live', 20).bytes).toBe(1);
  expect(quota.size).toBe(2);
});
