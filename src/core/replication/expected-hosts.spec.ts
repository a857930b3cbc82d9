// What discovery knows of the size of the network, at a whole core.
import { LoneCore } from '../../../test/support/core/lone-core';

const expectedHosts = (raw: LoneCore): number => raw.core.report().membership.expectedHosts;

describe('the hosts that discovery expects', () => {
  it('make a lone host count hosts, so that its write is stored only', () => {
    const raw = new LoneCore();
    expect(raw.put('before', 'v')?.kind).toBe('held');
    raw.handle({ kind: 'expected-hosts', hosts: 3 });
    expect(expectedHosts(raw)).toBe(3);
    expect(raw.put('after', 'v')?.kind).toBe('stored');
  });

  it('follow what is said later, and never go below the setting', () => {
    const raw = new LoneCore({ expectedHostsMin: 2 });
    const expectedAfter = (hosts: number): number => {
      raw.handle({ kind: 'expected-hosts', hosts });
      return expectedHosts(raw);
    };
    expect([5, 3, 1, 0].map(expectedAfter)).toEqual([5, 3, 2, 2]);
  });
});
