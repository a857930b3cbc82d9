import { KEY_BYTES_MAX, VALUE_BYTES_MAX } from '../core/base/bounds';
import {
  childEnvironment,
  readLauncherSettings,
  readNodeSettings,
  readProcessSettings,
} from './read-settings';
import type { NodeSettings } from './settings';

function node(env: Record<string, string> = {}, defaults = {}): Readonly<NodeSettings> {
  const result = readNodeSettings(env, { hostId: () => 'host', memoryLimitBytes: 2 ** 30, ...defaults });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.settings;
}

function problems(env: Record<string, string>) {
  const result = readLauncherSettings(env);
  return result.ok ? [] : result.problems;
}

describe('settings', () => {
  it('have a working default for everything', () => {
    expect(node()).toMatchObject({
      index: 1,
      name: 'flux-node-1',
      cluster: 'repram',
      clusterSecret: null,
      bindAddress: '',
      basePort: 8081,
      maxPorts: 10,
      nodeCount: 3,
      hostId: 'host',
      address: null,
      discoveryDomain: 'localhost',
      peers: [],
      peerAllow: [],
      replicationFactor: 3,
      expectedHosts: 1,
      ttlMinSeconds: 300,
      ttlMaxSeconds: 86400,
      ttlDefaultSeconds: 3600,
      writeTimeoutMs: 2000,
      valueBytesMax: 10485760,
      keyBytesMax: 1024,
      clockOffsetMaxMs: 10000,
      cleanupIntervalSeconds: 30,
      rateLimitPerSecond: 100,
      trustProxy: false,
      logLevel: 'info',
    });
    expect(readLauncherSettings({})).toMatchObject({
      ok: true,
      settings: {
        nodeCount: 3,
        basePort: 8081,
        maxPorts: 10,
        isolation: 'process',
        hungAfterMs: 30000,
        storageMegabytes: 0,
      },
      warnings: [],
    });
  });

  it('allow values and keys up to what peers may send', () => {
    const greatest = {
      REPRAM_MAX_VALUE_BYTES: String(VALUE_BYTES_MAX),
      REPRAM_MAX_KEY_BYTES: String(KEY_BYTES_MAX),
    };
    expect(node(greatest)).toMatchObject({ valueBytesMax: VALUE_BYTES_MAX, keyBytesMax: KEY_BYTES_MAX });
    expect(problems({ REPRAM_MAX_VALUE_BYTES: String(VALUE_BYTES_MAX + 1) })).toHaveLength(1);
    expect(problems({ REPRAM_MAX_KEY_BYTES: String(KEY_BYTES_MAX + 1) })).toHaveLength(1);
  });

  it('are frozen, their lists too', () => {
    const settings = node({ REPRAM_PEERS: 'a:1', REPRAM_TRUST_PROXY: '10.0.0.0/8' });
    for (const value of [settings, settings.peers, settings.peerAllow, settings.trustProxy]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
  });

  it('take the environment block of the plan as it stands', () => {
    const plan = {
      DISCOVERY_DOMAIN: 'fade.repram.io',
      BASE_PORT: '8081',
      MAX_PORTS: '10',
      NODE_COUNT: '3',
      REPLICATION_FACTOR: '3',
      REPRAM_CLEANUP_INTERVAL: '30',
      REPRAM_RATE_LIMIT: '100',
    };
    expect(readLauncherSettings(plan)).toMatchObject({ ok: true, warnings: [] });
    expect(node(plan).discoveryDomain).toBe('fade.repram.io');
  });

  it('read lists of peers and ranges, IPv6 included', () => {
    const settings = node({
      REPRAM_PEERS: ' node.example:8081, [fd00::2]:8082,10.0.0.1:9000,',
      REPRAM_PEER_ALLOW: '203.0.113.0/24, 2001:db8::1',
      REPRAM_TRUST_PROXY: '10.0.0.1',
    });
    expect(settings.peers).toEqual([
      { address: 'node.example', port: 8081 },
      { address: 'fd00::2', port: 8082 },
      { address: '10.0.0.1', port: 9000 },
    ]);
    expect(settings.peerAllow).toEqual(['203.0.113.0/24', '2001:db8::1/128']);
    expect(settings.trustProxy).toEqual(['10.0.0.1/32']);
    expect(node({ REPRAM_TRUST_PROXY: 'true' }).trustProxy).toBe(true);
  });

  it('treat an empty text as not set', () => {
    expect(node({ BASE_PORT: '', REPRAM_NODE_ID: '  ', REPRAM_CLUSTER_SECRET: '' })).toEqual(node());
  });

  it('move the default TTL into the range when it was not given', () => {
    expect(node({ REPRAM_MAX_TTL: '600' }).ttlDefaultSeconds).toBe(600);
    expect(node({ REPRAM_MIN_TTL: '7200' }).ttlDefaultSeconds).toBe(7200);
  });

  it('name a node by its index, and by the given name with the index under a launcher', () => {
    expect(node({}, { index: 4 }).name).toBe('flux-node-4');
    expect(node({ REPRAM_NODE_ID: 'berlin' }).name).toBe('berlin');
    expect(node({ REPRAM_NODE_ID: 'berlin', REPRAM_NODE_INDEXES: '2' })).toMatchObject({
      index: 2,
      name: 'berlin-2',
    });
    expect(node({ REPRAM_NODE_ID: 'berlin', REPRAM_NODE_INDEXES: '1,2,3' }, { index: 3 }).name).toBe(
      'berlin-3',
    );
  });

  it('prefer the host id read from the host to that of the launcher, and draw one when there is neither', () => {
    expect(node({ REPRAM_HOST_ID: 'given' }).hostId).toBe('host');
    expect(node({ REPRAM_HOST_ID: 'given' }, { hostId: () => null }).hostId).toBe('given');
    expect(node({}, { hostId: () => null }).hostId).toMatch(/^[0-9a-f]{16}$/);
  });

  it('give storage the computed share, or what was asked for', () => {
    expect(node().storageBytesMax).toBe(150 * 1048576);
    expect(node({ REPRAM_MAX_STORAGE_MB: '7' }).storageBytesMax).toBe(7 * 1048576);
  });
});

describe('a child process', () => {
  it('learns its nodes and its beat from the launcher', () => {
    const given = {
      hostId: 'h',
      storageMegabytes: 9,
      allocator: {},
      logFormat: 'pretty',
      inherited: null,
    } as const;
    const child = { ...given, indexes: [1, 2] };
    const env = childEnvironment(child, { NODE_COUNT: '2' });
    expect(node(env as Record<string, string>).logFormat).toBe('pretty');
    expect(readProcessSettings(env)).toEqual({ indexes: [1, 2], beatIntervalMs: 1000 });
    expect(node(env as Record<string, string>).storageBytesMax).toBe(9 * 1048576);
  });

  it('gets what its allocator is to know, unless the operator has set it', () => {
    const allocator = { MALLOC_MMAP_THRESHOLD_: '131072' };
    const child = {
      indexes: [1],
      hostId: 'h',
      storageMegabytes: 9,
      allocator,
      logFormat: 'json',
      inherited: null,
    } as const;
    expect(childEnvironment(child, {}).MALLOC_MMAP_THRESHOLD_).toBe('131072');
    const told = childEnvironment(child, { MALLOC_MMAP_THRESHOLD_: '1' });
    expect(told.MALLOC_MMAP_THRESHOLD_).toBe('1');
  });

  it('inherits the network that the launcher knows, and nothing that is none', () => {
    const given = {
      indexes: [1],
      hostId: 'h',
      storageMegabytes: 9,
      allocator: {},
      logFormat: 'pretty',
    } as const;
    const inherited = { others: 4, hosts: 2, agoMs: 1500 };
    const env = childEnvironment({ ...given, inherited }, {}) as Record<string, string>;
    expect(node(env).inherited).toEqual(inherited);
    const again = childEnvironment({ ...given, inherited: null }, env) as Record<string, string>;
    expect(node(again).inherited).toBeNull();
    for (const text of ['', '1', '1,2', '0,1,1', '1,0,1', '1,1,-1', 'a,b,c', '1,1,1.5'])
      expect(node({ REPRAM_INHERITED: text }).inherited).toBeNull();
  });

  it('hosts node 1 when nobody said otherwise', () => {
    expect(readProcessSettings({})).toEqual({ indexes: [1], beatIntervalMs: 1000 });
  });

  it('beats four times within the time after which it counts as hung', () => {
    expect(readProcessSettings({ REPRAM_HUNG_AFTER_MS: '1000' }).beatIntervalMs).toBe(250);
    expect(readProcessSettings({ REPRAM_HUNG_AFTER_MS: 'soon' }).beatIntervalMs).toBe(1000);
  });

  it('repeats no warning that its launcher has given', () => {
    expect(readNodeSettings({ REPRAM_PEER: 'x' }).warnings).toHaveLength(1);
    expect(readNodeSettings({ REPRAM_PEER: 'x', REPRAM_NODE_INDEXES: '1' }).warnings).toEqual([]);
  });
});

describe('a bad setting', () => {
  it('is reported together with all others, with what was given and what is allowed', () => {
    expect(problems({ BASE_PORT: '80.5', NODE_COUNT: 'three', REPRAM_ISOLATION: 'docker' })).toEqual([
      { variable: 'BASE_PORT', given: '"80.5"', allowed: 'a whole number, 1..65535 (TCP port)' },
      { variable: 'NODE_COUNT', given: '"three"', allowed: 'a whole number, 1..1000 nodes' },
      { variable: 'REPRAM_ISOLATION', given: '"docker"', allowed: 'one of process, none' },
    ]);
  });

  it.each([
    ['BASE_PORT', '0'],
    ['BASE_PORT', '65536'],
    ['BASE_PORT', '-1'],
    ['BASE_PORT', '0x50'],
    ['MAX_PORTS', '1e1'],
    ['NODE_COUNT', '0'],
    ['REPLICATION_FACTOR', '101'],
    ['REPRAM_RATE_LIMIT', '1000001'],
    ['REPRAM_MIN_TTL', '0'],
    ['REPRAM_WRITE_TIMEOUT_MS', '9'],
    ['REPRAM_MAX_VALUE_BYTES', '33554433'],
    ['REPRAM_MAX_KEY_BYTES', '4097'],
    ['REPRAM_HUNG_AFTER_MS', '999'],
    ['REPRAM_PEERS', 'host'],
    ['REPRAM_PEERS', 'a:1,b:0'],
    ['REPRAM_PEERS', 'fd00::2:8081'],
    ['REPRAM_PEERS', 'http://a:1'],
    ['REPRAM_PEER_ALLOW', '10.0.0.0/33'],
    ['REPRAM_PEER_ALLOW', 'fd00::/129'],
    ['REPRAM_TRUST_PROXY', 'yes'],
    ['REPRAM_CLUSTER', 'two words'],
    ['REPRAM_CLUSTER_SECRET', 'ends with newline\n'],
    ['REPRAM_ADDRESS', '10.0.0.1:8081'],
    ['REPRAM_ADDRESS', '10.0.0.256'],
    ['REPRAM_ADDRESS', '0.0.0.0'],
    ['REPRAM_ADDRESS', '::'],
    ['REPRAM_ADDRESS', 'fe80::1%eth0'],
    ['REPRAM_ADDRESS', '239.1.2.3'],
    ['REPRAM_BIND_ADDRESS', '10.0.0.1:8081'],
    ['REPRAM_PEERS', '[fe80::1%eth0]:8081'],
    ['DISCOVERY_DOMAIN', 'fe80::1%eth0'],
    ['REPRAM_QUOTA_EXEMPT', 'all'],
    ['REPRAM_CLIENT_QUOTA', '101'],
    ['REPRAM_LOG_LEVEL', 'INFO'],
    ['REPRAM_LOG_FORMAT', 'xml'],
    ['DISCOVERY_DOMAIN', 'https://fade.repram.io'],
  ])('is refused: %s=%s', (variable, text) => {
    expect(problems({ [variable]: text }).map((problem) => problem.variable)).toEqual([variable]);
  });

  it('never shows a secret, only its length', () => {
    const result = problems({ REPRAM_CLUSTER_SECRET: ' hush-hush' });
    expect(result).toMatchObject([{ variable: 'REPRAM_CLUSTER_SECRET', given: '10 characters (not shown)' }]);
    expect(JSON.stringify(result)).not.toContain('hush');
  });

  it('is named as it was given, under its old name too', () => {
    expect(problems({ BOOTSTRAP_NODES: 'nowhere' })).toMatchObject([
      { variable: 'BOOTSTRAP_NODES', given: '"nowhere"' },
    ]);
  });
});

describe('between settings', () => {
  it.each<[Record<string, string>, string, string]>([
    [{ NODE_COUNT: '12' }, 'NODE_COUNT', 'every node claims a port of its own'],
    [{ MAX_PORTS: '2' }, 'NODE_COUNT', 'at most MAX_PORTS (2)'],
    [{ BASE_PORT: '65530' }, 'MAX_PORTS', 'at most 6 with BASE_PORT 65530'],
    [{ REPRAM_MIN_TTL: '90000' }, 'REPRAM_MIN_TTL', 'at most REPRAM_MAX_TTL (86400 seconds)'],
    [{ REPRAM_DEFAULT_TTL: '10' }, 'REPRAM_DEFAULT_TTL', 'at least REPRAM_MIN_TTL (300 seconds)'],
    [{ REPRAM_ADDRESS: '127.0.0.1' }, 'REPRAM_ADDRESS', 'loopback leads each of them to itself'],
    [{ REPRAM_ADDRESS: 'localhost' }, 'REPRAM_ADDRESS', 'loopback leads each of them to itself'],
    [{ REPRAM_ADDRESS: '::1', REPRAM_BIND_ADDRESS: '::1' }, 'REPRAM_ADDRESS', 'loopback leads'],
    [{ REPRAM_DEFAULT_TTL: '86401' }, 'REPRAM_DEFAULT_TTL', 'at most REPRAM_MAX_TTL (86400 seconds)'],
  ])('%j is refused with the reason', (env, variable, reason) => {
    const found = problems(env);
    expect(found).toHaveLength(1);
    expect(found[0].variable).toBe(variable);
    expect(found[0].allowed).toContain(reason);
  });

  it('nothing is said about a setting that is wrong by itself', () => {
    expect(problems({ NODE_COUNT: '12', MAX_PORTS: 'ten' }).map(({ variable }) => variable)).toEqual([
      'MAX_PORTS',
    ]);
  });
});

describe('a warning', () => {
  const warnings = (env: Record<string, string>) => readLauncherSettings(env).warnings;

  it.each([
    ['REPRAM_BOOTSTRAP_PEERS', 'a:1', 'REPRAM_PEERS', { peers: [{ address: 'a', port: 1 }] }],
    ['BOOTSTRAP_NODES', 'a:1', 'REPRAM_PEERS', { peers: [{ address: 'a', port: 1 }] }],
    ['NODE_ADDRESS', '192.0.2.1', 'REPRAM_ADDRESS', { address: '192.0.2.1' }],
    ['REPRAM_REPLICATION', '2', 'REPLICATION_FACTOR', { replicationFactor: 2 }],
  ])('tells the new name of %s, which still works', (old, text, name, expected) => {
    expect(warnings({ [old]: text })).toEqual([`${old} is deprecated: use ${name}`]);
    expect(node({ [old]: text })).toMatchObject(expected);
  });

  it('tells that USE_AUTO_DISCOVERY is ignored', () => {
    expect(warnings({ USE_AUTO_DISCOVERY: 'false' })).toEqual([
      'USE_AUTO_DISCOVERY is deprecated and has no effect: discovery never stops',
    ]);
  });

  it('tells which of two names wins', () => {
    const env = { REPRAM_PEERS: 'new:1', BOOTSTRAP_NODES: 'old:1' };
    expect(node(env).peers).toEqual([{ address: 'new', port: 1 }]);
    expect(warnings(env)[0]).toContain('is set too and wins');
  });

  it('names the nearest known variable for an unknown one', () => {
    expect(warnings({ REPRAM_MAXTTL: '5' })).toEqual([
      'REPRAM_MAXTTL is unknown and has no effect; the nearest known variable is REPRAM_MAX_TTL',
    ]);
  });

  it('is given for what a later release will understand, and not for what the platform sets by itself', () => {
    expect(warnings({ REPRAM_PUBLIC_URLS: 'https://x' })).toEqual([
      'REPRAM_PUBLIC_URLS is not supported yet and has no effect',
    ]);
    expect(warnings({ REPRAM_STORE_URL: 'redis://x' })).toEqual([]);
    expect(
      warnings({ APP_NAME: 'a', FLUX_APP_NAME: 'a', FLUX_NODE_HOST_IP: '192.0.2.1', PATH: '/bin' }),
    ).toEqual([]);
  });
});
