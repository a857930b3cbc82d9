import { FailureDomains } from './failure-domains';
import type { NodeIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from './membership';

const identity = (hostId: string, ...addresses: string[]): NodeIdentity => ({
  ...{
    id: hostId.repeat(16),
    name: hostId,
    cluster: 'c',
    hostId,
    listenPort: 1,
    advertisedPort: 1,
    addresses,
  },
});

function domains(self: NodeIdentity, ...others: NodeIdentity[]): string[] {
  const members = others.map((each) => ({ identity: each }) as Member);
  const membership = { changes: 1, all: () => members.values() } as unknown as Membership;
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

  it('do not take a name for a machine', () => {
    expect(domains(identity('a', 'nodes.example'), identity('b', 'nodes.example'))).toEqual(['a', 'b']);
  });
});
