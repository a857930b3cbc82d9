import { FailureDomains } from './failure-domains';
import type { NodeIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from './membership';

const identity = (hostId: string, ...addresses: string[]): NodeIdentity => ({
  id: hostId.repeat(16),
  name: hostId,
  cluster: 'c',
  hostId,
  listenPort: 1,
  advertisedPort: 1,
  addresses,
});

function domains(self: NodeIdentity, ...others: NodeIdentity[]): string[] {
  return domainsWith([], self, ...others);
}

/** The first are on probation, or only told of. */
function domainsWith(newcomers: NodeIdentity[], self: NodeIdentity, ...counted: NodeIdentity[]): string[] {
  const others = [...newcomers, ...counted];
  const members = others.map((each, at) => ({ identity: each, counts: at >= newcomers.length }) as Member);
  const membership = { changes: 1, all: () => members.values(), missed: () => [] } as unknown as Membership;
  const found = new FailureDomains(self, membership);
  return [self, ...others].map((each) => found.of(each));
}

describe('failure domains', () => {
  it('are hosts where no address says otherwise', () => {
    expect(domains(identity('a'), identity('b'), identity('b'), identity('c', '10.0.0.1'))).toEqual([
      ...['a', 'b', 'b', 'c'],
    ]);
  });

  it('join hosts that advertise the same address, however the chain goes', () => {
    const [self, ...others] = [
      identity('d', '203.0.113.1'),
      identity('c', '203.0.113.1', '2001:db8::1'),
      identity('b'),
      identity('b', '2001:db8::1'),
      identity('e', '203.0.113.2'),
    ];
    expect(domains(self, ...others)).toEqual(['b', 'b', 'b', 'b', 'e']);
  });

  it('take a newcomer in where it says it is, and are joined by none: neither by its addresses nor by its host', () => {
    const hosts = [identity('a', '203.0.113.1'), identity('b', '203.0.113.2'), identity('c', '203.0.113.3')];
    const [self, ...counted] = hosts;
    const told = [
      identity('n', '203.0.113.2', '203.0.113.1'),
      identity('c', '203.0.113.1'),
      identity('o', '203.0.113.9'),
      identity('p', '203.0.113.9'),
    ];
    const [own, n, c, o, p, ...rest] = domainsWith(told, self, ...counted);
    expect([own, ...rest]).toEqual(['a', 'b', 'c']);
    expect([n, c]).toEqual(['b', 'c']);
    expect(p).toBe(o);
  });

  it('do not take a name for a machine', () => {
    expect(domains(identity('a', 'nodes.example'), identity('b', 'nodes.example'))).toEqual(['a', 'b']);
  });
});
