import { domainOf, domainsAmong, failTogether, type Whereabouts } from './failure-domains';

const at = (hostId: string, ...addresses: string[]): Whereabouts => ({ hostId, addresses });

/** All orders of up to four. */
function orders(all: readonly Whereabouts[]): Whereabouts[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((first) => orders(all.filter((each) => each !== first)).map((rest) => [first, ...rest]));
}

/** By trying every subset. */
function mostApart(nodes: readonly Whereabouts[]): number {
  const [first, ...rest] = nodes;
  if (nodes.length === 0) return 0;
  const apart = rest.filter((other) => !failTogether(first, other));
  return Math.max(mostApart(rest), 1 + mostApart(apart));
}

describe('two nodes', () => {
  it('fail together on one host, and where both say the same address', () => {
    expect(failTogether(at('a'), at('a', '203.0.113.1'))).toBe(true);
    expect(failTogether(at('a', '203.0.113.1'), at('b', '203.0.113.1'))).toBe(true);
    expect(failTogether(at('a', '2001:db8::1', '203.0.113.1'), at('b', '203.0.113.1'))).toBe(true);
    expect(failTogether(at('a', '203.0.113.1'), at('b', '203.0.113.2'))).toBe(false);
    expect(failTogether(at('a', '203.0.113.1'), at('b'))).toBe(false);
  });

  it('are not on one machine because of a name', () => {
    expect(failTogether(at('a', 'nodes.example'), at('b', 'nodes.example'))).toBe(false);
    expect(domainsAmong([at('a', 'nodes.example'), at('b', 'nodes.example')])).toBe(2);
    expect(domainOf(at('a', 'nodes.example'))).toBe('a');
  });

  it('show the same domain when they say that they fail together', () => {
    expect(domainOf(at('a', '203.0.113.1'))).toBe(domainOf(at('b', '203.0.113.1')));
    expect(domainOf(at('a'))).toBe('a');
  });
});

describe('the domains among nodes', () => {
  it.each<[number, Whereabouts[]]>([
    [0, []],
    [1, [at('a'), at('a'), at('a')]],
    [3, [at('a'), at('b'), at('c'), at('b')]],
    [1, [at('a', '203.0.113.1'), at('b', '203.0.113.1'), at('c', '203.0.113.1')]],
    [2, [at('a', '203.0.113.1'), at('a', '203.0.113.1'), at('b', '203.0.113.2'), at('b')]],
    [1, [at('a', '203.0.113.1', '2001:db8::1'), at('b', '2001:db8::1')]],
    [1, [at('a', '203.0.113.1', '2001:db8::1'), at('b', '2001:db8::1', '203.0.113.1')]],
    [1, [at('a', '203.0.113.1'), at('a', '203.0.113.2')]],
  ])('are %i, in whatever order these are counted: %j', (count, nodes) => {
    for (const order of orders(nodes)) expect(domainsAmong(order)).toBe(count);
  });

  it('are never fewer because of a third node, whatever it says of itself', () => {
    const hosts = [at('a', '203.0.113.1'), at('b', '203.0.113.2'), at('c', '203.0.113.3'), at('d')];
    const names = ['a', 'b', 'c', 'd', 'x', 'y'];
    const addresses = [[], ['203.0.113.1'], ['203.0.113.2'], ['203.0.113.3'], ['203.0.113.9']];
    const several = [
      ['203.0.113.1', '203.0.113.2', '203.0.113.3'],
      ['203.0.113.9', '203.0.113.2'],
    ];
    const liars = names.flatMap((name) => [...addresses, ...several].map((said) => at(name, ...said)));
    for (const one of liars)
      for (const other of liars) {
        const count = domainsAmong([one, other, ...hosts]);
        expect(count).toBeGreaterThanOrEqual(4);
        expect(domainsAmong([...hosts, other, one])).toBe(count);
      }
  });

  it('are as many as can be found by trying, where each says one address at most', () => {
    const pool = ['a', 'b', 'c'].flatMap((host) => [
      at(host),
      ...[1, 2, 3].map((last) => at(host, `203.0.113.${last}`)),
    ]);
    for (let chosen = 0; chosen < 2 ** pool.length; chosen += 1) {
      const nodes = pool.filter((_, index) => ((chosen >> index) & 1) === 1);
      if (domainsAmong(nodes) !== mostApart(nodes)) expect(nodes).toEqual([]);
    }
  });
});
