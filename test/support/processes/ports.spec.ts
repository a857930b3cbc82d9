// Port ranges are disjoint between calls and between processes, and free.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { portRange } from './ports';

describe('portRange', () => {
  it('hands out ranges that do not overlap, between 10000 and 29999', async () => {
    const bases = await Promise.all(Array.from({ length: 20 }, () => portRange(10)));
    const ports = bases.flatMap((base) => Array.from({ length: 10 }, (_, index) => base + index));
    expect(new Set(ports).size).toBe(200);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...ports)).toBeLessThan(30_000);
  });

  it('skips a range in which somebody listens', async () => {
    const free = await portRange(1);
    // The next range begins a block further on, or after others that are taken.
    const held = createServer().listen(free + 32 + 3, '127.0.0.1');
    await once(held, 'listening');
    const { port } = held.address() as AddressInfo;
    const base = await portRange(10);
    held.close();
    expect(port >= base && port < base + 10).toBe(false);
  });

  it('refuses a count that no block holds', async () => {
    await expect(portRange(0)).rejects.toThrow('1 to 31 ports, not 0');
    await expect(portRange(32)).rejects.toThrow('1 to 31 ports, not 32');
  });
});
