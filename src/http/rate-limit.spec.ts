import { clientKey, lastForwardedHop, TrustedProxies } from './client-address';
import { RateLimit } from './rate-limit';
import { TokenBuckets } from './token-buckets';

describe('token buckets', () => {
  it('let twice the rate pass at once, then the rate', () => {
    const buckets = new TokenBuckets(10);
    const passed = (nowMs: number): number => {
      let count = 0;
      while (buckets.take('c', nowMs) === 0) count += 1;
      return count;
    };
    expect([passed(0), passed(1000), passed(1500), passed(60_000)]).toEqual([20, 10, 5, 20]);
  });

  it('say how long to wait', () => {
    const buckets = new TokenBuckets(2);
    for (let i = 0; i < 4; i += 1) buckets.take('c', 0);
    expect(buckets.take('c', 0)).toBeCloseTo(0.5);
    expect(buckets.take('c', 250)).toBeCloseTo(0.25);
  });

  it('count clients apart', () => {
    const buckets = new TokenBuckets(1);
    expect([buckets.take('a', 0), buckets.take('a', 0), buckets.take('b', 0)]).toEqual([0, 0, 0]);
    expect(buckets.take('a', 0)).toBeGreaterThan(0);
    expect(buckets.take('b', 0)).toBe(0);
  });

  it('stay bounded, and forget those first that have nothing to say', () => {
    const buckets = new TokenBuckets(1, 3);
    buckets.take('idle', 0);
    for (let i = 0; i < 2; i += 1) buckets.take('busy', 5000);
    buckets.take('c', 5000);
    buckets.take('d', 5000);
    expect(buckets.size).toBe(3);
    expect(buckets.take('busy', 5000)).toBeGreaterThan(0);
    for (let i = 0; i < 1000; i += 1) buckets.take(`flood ${i}`, 5000);
    expect(buckets.size).toBe(3);
  });
});

describe('the client', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('at %s counts as %s', (address, key) => {
    expect(clientKey(address)).toBe(key);
  });

  it.each([
    [undefined, null],
    ['192.0.2.1', '192.0.2.1'],
    ['forged, 192.0.2.1', '192.0.2.1'],
    [['203.0.113.9', '192.0.2.1, 192.0.2.2'], '192.0.2.2'],
    ['192.0.2.1:5555', '192.0.2.1'],
    ['[2001:db8::1]:5555', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['192.0.2.1, not an address', null],
    ['', null],
  ])('behind X-Forwarded-For %j is %j', (header, hop) => {
    expect(lastForwardedHop(header)).toBe(hop);
  });

  it('is believed about hops only behind the proxies that are trusted', () => {
    const ranges = new TrustedProxies(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7']);
    const addresses = ['10.9.9.9', '::ffff:10.0.0.1', '2001:db8::1', '192.0.2.7', '192.0.2.8', '11.0.0.1'];
    expect(addresses.map((address) => ranges.includes(address))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(new TrustedProxies(true).includes('203.0.113.1')).toBe(true);
    expect(new TrustedProxies(false).includes('127.0.0.1')).toBe(false);
  });
});

describe('the rate limit', () => {
  it('ignores forwarded hops from sockets that are not trusted', () => {
    const limit = new RateLimit({ rateLimitPerSecond: 1, trustProxy: ['10.0.0.1'] }, () => 0);
    const waits = ['1.1.1.1', '2.2.2.2', '3.3.3.3'].map((hop) => limit.waitSeconds('203.0.113.1', hop));
    expect(waits.map((wait) => wait > 0)).toEqual([false, false, true]);
  });

  it('counts the vouched hop behind a trusted proxy, and the proxy itself at fifty times the rate', () => {
    const limit = new RateLimit({ rateLimitPerSecond: 1, trustProxy: ['10.0.0.1'] }, () => 0);
    expect([1, 2, 3].map(() => limit.waitSeconds('10.0.0.1', 'x, 192.0.2.1') > 0)).toEqual([
      false,
      false,
      true,
    ]);
    let passed = 0;
    for (let i = 0; i < 1000; i += 1)
      if (limit.waitSeconds('10.0.0.1', `198.51.${i >> 8}.${i & 255}`) === 0) passed += 1;
    expect(passed).toBe(97);
  });

  describe('behind a gateway that anybody can go around', () => {
    const GATEWAYS = ['192.0.2.1', '192.0.2.2'];
    const FORGER = '203.0.113.66';

    it('lets every visitor have the whole rate, however many come through the same gateway', () => {
      const limit = new RateLimit({ rateLimitPerSecond: 100, trustProxy: true }, () => 0);
      for (let visitor = 0; visitor < 100; visitor += 1) {
        const waits = Array.from({ length: 90 }, () =>
          limit.waitSeconds(GATEWAYS[0], `198.51.100.${visitor}`),
        );
        expect(waits.every((wait) => wait === 0)).toBe(true);
      }
    });

    it('does not let a forger use up what a visitor has', () => {
      const limit = new RateLimit({ rateLimitPerSecond: 100, trustProxy: true }, () => 0);
      for (let i = 0; i < 20_000; i += 1) limit.waitSeconds(FORGER, '198.51.100.7');
      for (const gateway of GATEWAYS) expect(limit.waitSeconds(gateway, '198.51.100.7')).toBe(0);
    });

    it('does not let a forger through without limit, whatever he forges', () => {
      let nowMs = 0;
      const limit = new RateLimit({ rateLimitPerSecond: 100, trustProxy: true }, () => nowMs);
      let passed = 0;
      for (let i = 0; i < 200_000; i += 1) {
        nowMs = i / 20;
        if (limit.waitSeconds(FORGER, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`) === 0) passed += 1;
      }
      expect(passed).toBeLessThanOrEqual(60_000);
      expect(limit.waitSeconds(GATEWAYS[0], '198.51.100.7')).toBe(0);
    });
  });
});
