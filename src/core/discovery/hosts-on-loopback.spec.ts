// Hosts that are addresses of loopback: what the rules of addresses say to them, and to nodes that
// are on none of them.
import { LoneCore } from '../../../test/support/core/lone-core';
import { claim, stranger } from '../../../test/support/core/forged-frames';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import type { SelfIdentity } from '../base/identity';
import { Membership } from '../membership/membership';
import { endpointsOf, isLoopback } from '../membership/address-rules';

const SELF: SelfIdentity = { ...stranger('1'), loopback: '127.0.0.2' };
const ELSEWHERE = { hostId: 'elsewhere' };

describe('a host that is an address of loopback', () => {
  it('has its nodes at that address', () => {
    const other = stranger('2', { addresses: ['192.0.2.1'] });
    expect(endpointsOf(other, SELF, '')).toEqual([{ address: '127.0.0.2', port: other.listenPort }]);
  });

  it('reaches other such hosts at theirs, and nobody at its own or in another way on loopback', () => {
    const nobodys = [
      '127.0.0.1',
      '127.0.0.2',
      '::1',
      '127.0.0.03',
      '::ffff:127.0.0.3',
      '0.0.0.0',
      'localhost',
    ];
    const other = stranger('2', { ...ELSEWHERE, addresses: [...nobodys, '127.0.0.3'] });
    const at = endpointsOf(other, SELF, '127.9.9.9').map(({ address }) => address);
    expect(at).toEqual(['127.0.0.3', '127.9.9.9']);
    expect(endpointsOf(other, stranger('1'), '127.9.9.9')).toEqual([]);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.0.0.2', true],
    ['127.0.0.3', false],
    ['::1', true],
    ['10.0.0.1', false],
  ])('takes %s for loopback: %s', (address, expected) => {
    expect(isLoopback(address, SELF)).toBe(expected);
  });

  it.each([
    ['is told', SELF, '127.0.0.3'],
    ['is not told on another host', stranger('1'), ''],
  ])('%s where the neighbour of a member is', (_what, self, expected) => {
    const heard: string[] = [];
    const membership = new Membership(self, {
      notify: () => undefined,
      gone: () => undefined,
      accused: () => undefined,
      selfAccused: () => undefined,
      refuted: () => undefined,
      heardOf: (_identity, address) => void heard.push(address),
    });
    const known = stranger('2', ELSEWHERE);
    membership.proven(known, '', 0);
    membership.apply(claim(stranger('3', ELSEWHERE), { address: '127.0.0.3' }), known.id, 0);
    expect(heard).toEqual([expected]);
  });
});

describe('what answers or refuses at another address of loopback', () => {
  const elsewhere = { address: '127.0.0.2', port: stranger('a').listenPort };
  const here = { ...elsewhere, address: '127.0.0.1' };

  function states(core: LoneCore): string[] {
    const members = core.core.members({ monoMs: core.monoMs, wallMs: core.wallMs });
    return members.map(({ id, state }) => `${id[0]} ${state}`);
  }

  it('is no evidence against the node of this host at that port', () => {
    const core = new LoneCore();
    new ScriptedPeer(core, 'a').unlink();
    core.handle({ kind: 'dial-failed', endpoint: elsewhere, failure: 'refused' });
    expect(states(core)).toEqual(['a alive']);
    core.handle({ kind: 'dial-failed', endpoint: here, failure: 'refused' });
    expect(states(core)).toEqual(['a dead']);
  });

  it('replaces nobody on this host', () => {
    const core = new LoneCore();
    new ScriptedPeer(core, 'a');
    const outcome = { kind: 'peer', id: stranger('b').id } as const;
    core.handle({ kind: 'probe-result', endpoint: elsewhere, outcome });
    expect(states(core)).toEqual(['a alive']);
    core.handle({ kind: 'probe-result', endpoint: here, outcome });
    expect(states(core)).toEqual([]);
  });
});
