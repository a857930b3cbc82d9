import { canonicalAddress, isOwnHost, PeerPolicy } from './peer-policy';

function policy(options: { secret?: boolean; allow?: string[]; configured?: string[] } = {}): PeerPolicy {
  return new PeerPolicy({
    secret: options.secret ?? false,
    allow: options.allow ?? [],
    configuredHosts: () => options.configured ?? [],
  });
}

describe('without a secret', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.7.7',
    '100.64.0.1',
    '100.127.255.255',
    '169.254.1.1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::7',
    'fc00::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '[::1]',
  ])('%s may be a peer', (address) => {
    expect(policy().admits(address)).toBe(true);
  });

  it.each([
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '100.63.255.255',
    '100.128.0.1',
    '0.0.0.0',
    '2001:db8::1',
    'fe00::1',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '::',
    '',
    'localhost',
    'peer.example.org',
  ])('%s may not', (address) => {
    expect(policy().admits(address)).toBe(false);
  });

  it('the addresses and names of configured sources may, however they are written', () => {
    const configured = policy({ configured: ['203.0.113.5', 'Peer.Example.org'] });
    expect(configured.admits('203.0.113.5')).toBe(true);
    expect(configured.admits('::ffff:203.0.113.5')).toBe(true);
    expect(configured.admits('peer.example.org')).toBe(true);
    expect(configured.admits('203.0.113.6')).toBe(false);
  });

  it('the ranges the operator allows may', () => {
    const allowing = policy({ allow: ['203.0.113.0/28', '198.51.100.7', '2001:db8::/32'] });
    expect(allowing.admits('203.0.113.15')).toBe(true);
    expect(allowing.admits('203.0.113.16')).toBe(false);
    expect(allowing.admits('198.51.100.7')).toBe(true);
    expect(allowing.admits('198.51.100.8')).toBe(false);
    expect(allowing.admits('2001:db8:1::9')).toBe(true);
    expect(policy({ allow: ['0.0.0.0/0'] }).admits('8.8.8.8')).toBe(true);
  });

  it.each(['203.0.113.0/33', 'example.org/8', '1.2.3.4/', '2001:db8::/129', '1.2.3'])(
    'the allow list refuses %s',
    (range) => {
      expect(() => policy({ allow: [range] })).toThrow(`not an address or CIDR range: ${range}`);
    },
  );
});

describe('with a secret', () => {
  it('everyone may try to prove it', () => {
    expect(policy({ secret: true }).admits('8.8.8.8')).toBe(true);
    expect(policy({ secret: true }).admits('peer.example.org')).toBe(true);
  });
});

describe('whatever is allowed and proven', () => {
  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '169.254.170.2',
    '100.100.100.200',
    'fd00:ec2::254',
    'fd00:0ec2:0:0:0:0:0:0254',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    '240.0.0.1',
    '64:ff9b::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '::169.254.169.254',
    '64:ff9b::e000:1',
    '64:ff9b:1::a9fe:a9fe',
    '::ffff:0:a9fe:a9fe',
    'fd00:c1::a9fe:a9fe',
    'fd00:a9fe:a9fe::1',
    'fd00:100::100:200',
    'fd00:42:0:0::42',
  ])('%s is nobody to dial', (address) => {
    expect(policy({ secret: true }).admits(address)).toBe(false);
    expect(policy({ allow: ['0.0.0.0/0', '::/0'] }).admits(address)).toBe(false);
    expect(policy({ configured: [address] }).admits(address)).toBe(false);
  });

  const found = [{ address: '127.0.0.1' }, { address: '169.254.169.254' }, { address: '10.0.0.7' }];

  it.each([true, false])(
    'a name that a member gave leads to no loopback and no metadata service (secret: %s)',
    (secret) => {
      expect(policy({ secret }).admitted('evil.example', found)).toEqual([{ address: '10.0.0.7' }]);
    },
  );

  it('a configured name may lead to loopback, never to a metadata service', () => {
    const admitted = policy({ configured: ['mine.example'] }).admitted('mine.example', found);
    expect(admitted).toEqual([{ address: '127.0.0.1' }, { address: '10.0.0.7' }]);
  });
});

describe('an address that means something on one link only', () => {
  it.each(['169.254.1.1', '::ffff:169.254.1.1', 'fe80::1', 'fe80::1%eth0', '64:ff9b::169.254.1.1'])(
    '%s may come and prove itself, and is dialled only where the operator names its range',
    (address) => {
      expect(policy({ secret: true }).admits(address)).toBe(true);
      expect(policy({ secret: true }).mayDial(address)).toBe(false);
      expect(policy({ configured: [address] }).mayDial(address)).toBe(false);
      expect(policy({ secret: true }).admitted('a.name', [{ address }])).toEqual([]);
      const allow = ['169.254.0.0/16', 'fe80::/10', '64:ff9b::a9fe:0/112'];
      expect(policy({ allow }).mayDial(address)).toBe(true);
      expect(policy({ allow }).mayDial('169.254.169.254')).toBe(false);
    },
  );

  it('is no hindrance to all others', () => {
    for (const address of ['127.0.0.1', '10.0.0.7', '::1', 'fd00::7', '100.64.0.1'])
      expect(policy().mayDial(address)).toBe(true);
    expect(policy().mayDial('8.8.8.8')).toBe(false);
    expect(policy({ secret: true }).mayDial('8.8.8.8')).toBe(true);
  });
});

describe('the own host', () => {
  it.each([
    ['127.0.0.1', undefined, true],
    ['::1', undefined, true],
    ['::ffff:127.0.0.1', undefined, true],
    ['127.0.0.2', undefined, false],
    ['10.0.0.1', undefined, false],
    ['', undefined, false],
    ['127.0.0.2', '127.0.0.2', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['::1', '127.0.0.2', false],
  ])(
    'is at the other end of a connection from %s where loopback is %s: %s',
    (address, loopback, expected) => {
      expect(isOwnHost(address, loopback === undefined ? {} : { loopback })).toBe(expected);
    },
  );
});

describe('canonicalAddress', () => {
  it.each([
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['192.0.2.1', '192.0.2.1'],
  ])('writes %s as %s', (address, canonical) => {
    expect(canonicalAddress(address)).toBe(canonical);
  });
});
