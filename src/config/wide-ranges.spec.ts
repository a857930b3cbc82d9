import { readLauncherSettings, readNodeSettings } from './read-settings';
import { areWide } from './wide-ranges';
import { PeerPolicy } from '../adapters/peer-policy';

const SECRET = '0d4f7f2e9a6b41c8b3e5d7a9c1f2e4b60d4f7f2e9a6b41c8';

describe('ranges that mean anybody', () => {
  it.each([
    ['0.0.0.0/0'],
    ['::/0'],
    ['0.0.0.0/1,128.0.0.0/1'],
    ['8.0.0.0/7'],
    ['10.0.0.0/7'],
    ['192.0.0.0/4'],
    ['2000::/3'],
    ['2400::/15'],
    ['::ffff:0:0/96'],
    ['::ffff:0.0.0.0/97'],
    ['64:ff9b::/96'],
    ['64:ff9b::/64'],
    ['2002::/16'],
    ['1.0.0.0/8 2.0.0.0/8'],
    ['203.0.113.7,0.0.0.0/0'],
  ])('are told: %s', (text) => {
    expect(areWide(text.split(/[\s,]/))).toBe(true);
  });

  it.each([
    [''],
    ['203.0.113.0/24'],
    ['8.0.0.0/8'],
    ['8.0.0.0/8,8.8.0.0/16,8.0.0.0/8'],
    ['10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,127.0.0.0/8'],
    ['fc00::/7,fe80::/10,::1'],
    ['2001:db8::/32'],
    ['2400::/16'],
    ['64:ff9b::203.0.113.0/120'],
    ['none'],
    ['no range at all'],
  ])('are none of: %j', (text) => {
    expect(areWide(text.split(/[\s,]/))).toBe(false);
  });

  it.each([
    ['REPRAM_PEER_ALLOW', /can become a peer, who reads, replaces and writes every value/],
    ['REPRAM_QUOTA_EXEMPT', /fill the memory of all nodes/],
    ['REPRAM_TRUST_PROXY', /invent client addresses/],
  ])('get one warning at the start in %s, and stop nothing', (name, meaning) => {
    const result = readLauncherSettings({ [name]: '0.0.0.0/0' });
    expect(result.ok).toBe(true);
    expect(result.warnings).toEqual([expect.stringMatching(meaning)]);
    expect(result.warnings[0]).toContain(`${name} 0.0.0.0/0 `);
    expect(readNodeSettings({ [name]: '0.0.0.0/0', REPRAM_NODE_INDEXES: '1' }).warnings).toEqual([]);
    expect(readNodeSettings({ [name]: '0.0.0.0/0' }).warnings).toHaveLength(1);
  });

  it('may be peers where each of them must prove a secret', () => {
    const env = { REPRAM_PEER_ALLOW: '0.0.0.0/0', REPRAM_CLUSTER_SECRET: SECRET };
    expect(readLauncherSettings(env).warnings).toEqual([]);
  });
});

describe('an IPv4 range written as IPv6', () => {
  it('is taken for what it is, and starts', () => {
    const result = readNodeSettings({ REPRAM_PEER_ALLOW: '::ffff:203.0.113.0/120,::ffff:c633:6407' });
    const allow = result.ok ? result.settings.peerAllow : [];
    expect(allow).toEqual(['203.0.113.0/24', '198.51.100.7/32']);
    const policy = new PeerPolicy({ secret: false, allow, configuredHosts: () => [] });
    expect(['203.0.113.9', '198.51.100.7', '198.51.100.8'].map((address) => policy.admits(address))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is refused where it is no range of IPv4', () => {
    expect(readNodeSettings({ REPRAM_PEER_ALLOW: '::ffff:203.0.113.0/90' }).ok).toBe(false);
  });
});
