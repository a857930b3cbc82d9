import { PeerPolicy } from '../adapters/peer-policy';
import { ConfiguredHosts } from './configured-hosts';

const at = (address: string) => [{ address, port: 8081 }];

describe('the hosts of configured sources', () => {
  const hosts = new ConfiguredHosts();
  const written = { discoveryDomain: 'a.example', peers: at('198.51.100.1') };
  const policy = new PeerPolicy({ secret: false, allow: [], configuredHosts: () => hosts.with(written) });

  it('may be peers without a secret, as written and as found', () => {
    expect([policy.admits('a.example'), policy.admits('198.51.100.1')]).toEqual([true, true]);
    expect([policy.admits('203.0.113.1'), policy.admits('::ffff:203.0.113.1')]).toEqual([false, false]);
    hosts.named('flux', at('203.0.113.1'));
    expect([policy.admits('203.0.113.1'), policy.admits('::ffff:203.0.113.1')]).toEqual([true, true]);
    expect(policy.admits('203.0.113.2')).toBe(false);
  });

  it('stay so until their source names others', () => {
    hosts.named('flux', []);
    hosts.named('domain', at('203.0.113.9'));
    expect(policy.admits('203.0.113.1')).toBe(true);
    hosts.named('flux', at('203.0.113.2'));
    expect([policy.admits('203.0.113.1'), policy.admits('203.0.113.2')]).toEqual([false, true]);
  });

  it('are never those that no host can have, whoever names them', () => {
    hosts.named('flux', at('169.254.169.254'));
    expect(policy.admits('169.254.169.254')).toBe(false);
  });
});
