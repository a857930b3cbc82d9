// What people really put into environments: quotation marks, units, blanks, and what a platform
// adds by itself.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readLauncherSettings, readNodeSettings } from './read-settings';

const folder = mkdtempSync(join(tmpdir(), 'repram-slips-'));
const authority = join(folder, 'authority.pem');
writeFileSync(authority, rootCertificates[0]);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const problemOf = (env: Record<string, string>): string => {
  const result = readLauncherSettings(env);
  return result.ok ? 'none' : result.problems.map(({ allowed }) => allowed).join();
};
const warningsOf = (env: Record<string, string>): readonly string[] => readLauncherSettings(env).warnings;

it.each([
  ['BASE_PORT', ' 8081'],
  ['BASE_PORT', '8081\r\n'],
  ['BASE_PORT', '\u00a08081\ufeff'],
  ['REPRAM_LOG_LEVEL', ' info '],
  ['REPRAM_TRUST_PROXY', ' true\t'],
  ['REPRAM_ADDRESS', ' 192.0.2.1 '],
  ['REPRAM_BIND_ADDRESS', 'fe80::1%eth0'],
  ['REPRAM_BIND_ADDRESS', 'localhost'],
])('%s=%j is understood', (variable, text) => {
  expect(problemOf({ [variable]: text })).toBe('none');
});

it.each([
  ['BASE_PORT', '"8081"', 'quotation marks'],
  ['REPRAM_CLUSTER', "'mine'", 'quotation marks'],
  ['REPRAM_MAX_VALUE_BYTES', '10MB', 'the unit is fixed'],
  ['REPRAM_MAX_TTL', '24h', 'the unit is fixed'],
  ['REPRAM_MAX_VALUE_BYTES', '10,485,760', 'separates the thousands'],
  ['REPRAM_MAX_VALUE_BYTES', '10_485_760', 'separates the thousands'],
])('%s=%s is refused with what is probably wrong', (variable, text, hint) => {
  expect(problemOf({ [variable]: text })).toContain(hint);
});

it('a number out of its range gets no hint that would mislead', () => {
  expect(problemOf({ BASE_PORT: '65536' })).toBe('a whole number, 1..65535 (TCP port)');
});

it('variables of a Kubernetes service are ignored with one line, also where they have the name of a setting', () => {
  const service = {
    REPRAM_SERVICE_HOST: '10.0.0.1',
    REPRAM_SERVICE_PORT: '8081',
    REPRAM_SERVICE_PORT_HTTP: '8081',
    REPRAM_PORT: 'tcp://10.0.0.1:8081',
    REPRAM_PORT_8081_TCP: 'tcp://10.0.0.1:8081',
    REPRAM_PORT_8081_TCP_PROTO: 'tcp',
    REPRAM_PORT_8081_TCP_PORT: '8081',
    REPRAM_PORT_8081_TCP_ADDR: '10.0.0.1',
    KUBERNETES_PORT: 'tcp://10.0.0.1:443',
  };
  expect(warningsOf(service)).toEqual([
    'REPRAM_PORT and 7 more: set by Kubernetes for a service, and ignored (enableServiceLinks: false keeps them away)',
  ]);
  const base = { BASE_PORT: 'tcp://10.0.0.2:80', BASE_PORT_80_TCP_ADDR: '10.0.0.2' };
  expect(readLauncherSettings(base)).toMatchObject({ ok: true, settings: { basePort: 8081 } });
  expect(warningsOf(base)).toHaveLength(1);
});

it('a port of somebody who meant BASE_PORT is still unknown', () => {
  expect(warningsOf({ REPRAM_PORT: '8081' })[0]).toContain('REPRAM_PORT is unknown');
});

it('an address of a host on loopback is one that the others there can reach', () => {
  const env = { REPRAM_BIND_ADDRESS: '127.0.0.2', REPRAM_ADDRESS: '127.0.0.2' };
  expect(problemOf(env)).toBe('none');
});

it('what an earlier release took for an own address and nobody can reach has no effect', () => {
  for (const address of ['localhost', '0.0.0.0', '127.0.0.1']) {
    expect(warningsOf({ NODE_ADDRESS: address })[0]).toContain('no other host reaches this one');
    expect(readNodeSettings({ NODE_ADDRESS: address })).toMatchObject({ settings: { address: null } });
  }
});

it.each(['fe80::1%eth0', '127.0.0.1', '0.0.0.0', 'host'])(
  'a platform that tells %s is not believed',
  (address) => {
    expect(readNodeSettings({ FLUX_NODE_HOST_IP: address })).toMatchObject({
      settings: { hostAddress: null },
    });
    expect(warningsOf({ FLUX_NODE_HOST_IP: address })).toHaveLength(1);
  },
);

it.each<[Record<string, string>, string]>([
  [{ REPLICATION_FACTOR: '5' }, 'more copies than NODE_COUNT 3 gives'],
  [{ REPRAM_MAX_STORAGE_MB: '4' }, 'has no room for a value of REPRAM_MAX_VALUE_BYTES'],
  [{ BASE_PORT: '6660' }, 'browsers refuse to open port 6665, 6666, 6667, 6668, 6669'],
  [
    { REPRAM_CLUSTER_SECRET: '"abcdefghijklmnopqrstuvwxyz0123456789"' },
    'begins and ends with quotation marks',
  ],
  [{ REPRAM_MAX_CONNECTIONS: '1' }, 'REPRAM_MAX_CONNECTIONS 1 is few'],
  [{ REPRAM_MAX_CONNECTIONS_PER_ADDRESS: '1' }, 'a single browser opens 6'],
  [
    { REPRAM_MAX_CONNECTIONS_PER_ADDRESS: '100', REPRAM_MAX_CONNECTIONS: '50' },
    'one address can take the place of all others',
  ],
  [{ REPRAM_MAX_STREAMS: '100', REPRAM_MAX_CONNECTIONS: '50' }, 'leave none for reads and writes'],
  [{ REPRAM_MAX_STREAMS: '1000000' }, 'leave none for reads and writes'],
  [{ REPRAM_STORE_CA_FILE: authority }, 'REPRAM_STORE_CA_FILE has no effect without REPRAM_STORE_URL'],
  [{ REPRAM_STORE_TIMEOUT_MS: '500' }, 'REPRAM_STORE_TIMEOUT_MS has no effect without REPRAM_STORE_URL'],
  [
    { REPRAM_CLEANUP_INTERVAL: '60', REPRAM_STORE_URL: 'redis://a' },
    'REPRAM_CLEANUP_INTERVAL has no effect with REPRAM_STORE_URL',
  ],
  [
    { REPRAM_EXPECTED_HOSTS: '3', REPRAM_STORE_URL: 'redis://a' },
    'REPRAM_EXPECTED_HOSTS has no effect with REPRAM_STORE_URL',
  ],
  [
    { REPRAM_CLIENT_QUOTA: '0', REPRAM_QUOTA_EXEMPT: '192.0.2.1/32' },
    'REPRAM_QUOTA_EXEMPT has no effect with REPRAM_CLIENT_QUOTA 0',
  ],
  [{ FLUX_API_URL: 'https://api.example' }, 'FLUX_API_URL has no effect without APP_NAME'],
  [{ REPRAM_MAX_VALUE_BYTES: '1' }, 'REPRAM_MAX_VALUE_BYTES 1 refuses every value of more than 1 byte:'],
  [{ REPRAM_MAX_KEY_BYTES: '8' }, 'REPRAM_MAX_KEY_BYTES 8 refuses every key of more than 8 bytes:'],
  [
    { REPRAM_EXPECTED_HOSTS: '1000', REPRAM_BIND_ADDRESS: '127.0.0.1' },
    'REPRAM_EXPECTED_HOSTS 1000 cannot be met',
  ],
  [{ REPRAM_NODE_INDEXES: '1' }, 'REPRAM_NODE_INDEXES has no effect: the launcher sets it'],
  [{ REPRAM_HOST_ID: 'x' }, 'REPRAM_HOST_ID has no effect: the launcher sets it'],
  [{ REPRAM_INHERITED: 'x' }, 'REPRAM_INHERITED has no effect: the launcher sets it'],
])('%j starts, with a warning', (env, warning) => {
  expect(readLauncherSettings(env)).toMatchObject({ ok: true });
  expect(warningsOf(env)).toEqual([expect.stringContaining(warning)]);
});

it.each(['redis://a', 'valkey-cluster://a'])('an authority without TLS is refused: %s', (url) => {
  const env = { REPRAM_STORE_URL: url, REPRAM_STORE_CA_FILE: authority };
  expect(problemOf(env)).toContain('only where REPRAM_STORE_URL is rediss://');
});

it.each<Record<string, string>>([
  { REPLICATION_FACTOR: '5', REPRAM_PEERS: '192.0.2.1:8081' },
  { REPLICATION_FACTOR: '5', REPRAM_EXPECTED_HOSTS: '3' },
  { NODE_COUNT: '1' },
  { REPRAM_EXPECTED_HOSTS: '3' },
  { REPRAM_EXPECTED_HOSTS: '3', REPRAM_BIND_ADDRESS: '127.0.0.2' },
  { REPRAM_EXPECTED_HOSTS: '3', REPRAM_BIND_ADDRESS: '127.0.0.1', REPRAM_PEERS: '192.0.2.1:8081' },
  { REPRAM_STORE_URL: 'rediss://a', REPRAM_STORE_CA_FILE: authority, REPRAM_STORE_TIMEOUT_MS: '500' },
  { REPRAM_MAX_CONNECTIONS: '50', REPRAM_MAX_CONNECTIONS_PER_ADDRESS: '49', REPRAM_MAX_STREAMS: '49' },
  { APP_NAME: 'board', FLUX_API_URL: 'https://api.example' },
])('%j is nothing to warn of', (env) => {
  expect(warningsOf(env)).toEqual([]);
});
