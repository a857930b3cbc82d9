import { ClientQuota } from './client-quota';

const LIMITS = { bytes: 1000, byteSeconds: 10_000 };

it('is kept for each client apart', () => {
  const quota = new ClientQuota();
  quota.charge('a', { bytes: 100, ttlSeconds: 100 }, 0);
  expect(quota.waitSeconds('a', { bytes: 10, ttlSeconds: 100 }, LIMITS, 0)).toBeCloseTo(10);
  expect(quota.waitSeconds('b', { bytes: 10, ttlSeconds: 100 }, LIMITS, 0)).toBe(0);
});

it('gives back what was not stored after all', () => {
  const quota = new ClientQuota();
  quota.charge('a', { bytes: 100, ttlSeconds: 100 }, 0);
  quota.refund('a', { bytes: 100, ttlSeconds: 100 }, 0);
  expect(quota.used('a', 0)).toEqual({ bytes: 0, byteSeconds: 0 });
});

it('holds a bounded number of clients, and a flood of addresses does not make it forget who occupies much', () => {
  const quota = new ClientQuota(50);
  quota.charge('heavy', { bytes: 90, ttlSeconds: 100 }, 0);
  for (let i = 0; i < 10_000; i += 1) quota.charge(`small-${i}`, { bytes: 1, ttlSeconds: 10 }, 0);
  expect(quota.size).toBe(50);
  expect(quota.used('heavy', 0).bytes).toBe(90);
});

it('lets those go first that occupy nothing any more', () => {
  const quota = new ClientQuota(2);
  quota.charge('over', { bytes: 900, ttlSeconds: 10 }, 0);
  quota.charge('live', { bytes: 1, ttlSeconds: 100 }, 0);
  quota.charge('new', { bytes: 1, ttlSeconds: 100 }, 20);
  expect(quota.used('live', 20).bytes).toBe(1);
  expect(quota.size).toBe(2);
});
