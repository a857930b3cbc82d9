// An operator who has set something sees at a node that it came to be so.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readNodeSettings } from '../../config/read-settings';
import { KNOWN_VARIABLES } from '../../config/variables';
import { snakeCased } from '../../http/snake-case';
import { configBody } from './status-config';

const folder = mkdtempSync(join(tmpdir(), 'repram-status-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const MACHINE = { hostId: () => 'host', memoryLimitBytes: 4_294_967_296, descriptors: 65_536 };

function configOf(env: Record<string, string>): Record<string, unknown> {
  const result = readNodeSettings(env, MACHINE);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return configBody(result.settings) as Record<string, unknown>;
}

/** Fields of those variables that are no setting by themselves. */
const COMPUTED: Readonly<Record<string, string>> = {
  REPRAM_DEFAULT_TTL: 'ttlDefaultSeconds',
  REPRAM_MAX_STORAGE_MB: 'storageBytesMax',
  REPRAM_MAX_CONNECTIONS: 'connectionsMax',
  REPRAM_MAX_CONNECTIONS_PER_ADDRESS: 'connectionsPerAddressMax',
  REPRAM_MAX_STREAMS: 'streamsMax',
  REPRAM_NODE_ID: 'name',
  REPRAM_LOG_FORMAT: 'logFormat',
  APP_NAME: 'appName',
  FLUX_APP_NAME: 'appName',
  REPRAM_CLUSTER_SECRET_FILE: 'clusterSecret',
};

function fieldOf(name: string): string {
  const setting = KNOWN_VARIABLES.find((each) => each.name === name)?.setting ?? COMPUTED[name];
  const [field] = Object.keys(snakeCased({ [setting]: 0 }) as object);
  return field;
}

/** Another value than its default, with what it needs beside it. */
const OTHER: Readonly<Record<string, Record<string, string>>> = {
  DISCOVERY_DOMAIN: { DISCOVERY_DOMAIN: 'nodes.example' },
  BASE_PORT: { BASE_PORT: '9001' },
  MAX_PORTS: { MAX_PORTS: '20' },
  NODE_COUNT: { NODE_COUNT: '5' },
  REPLICATION_FACTOR: { REPLICATION_FACTOR: '2' },
  REPRAM_CLEANUP_INTERVAL: { REPRAM_CLEANUP_INTERVAL: '60' },
  REPRAM_RATE_LIMIT: { REPRAM_RATE_LIMIT: '50' },
  REPRAM_CLIENT_QUOTA: { REPRAM_CLIENT_QUOTA: '50' },
  REPRAM_QUOTA_EXEMPT: { REPRAM_QUOTA_EXEMPT: '192.0.2.0/24' },
  REPRAM_MIN_TTL: { REPRAM_MIN_TTL: '60' },
  REPRAM_MAX_TTL: { REPRAM_MAX_TTL: '7200' },
  REPRAM_DEFAULT_TTL: { REPRAM_DEFAULT_TTL: '600' },
  REPRAM_WRITE_TIMEOUT_MS: { REPRAM_WRITE_TIMEOUT_MS: '500' },
  REPRAM_MAX_VALUE_BYTES: { REPRAM_MAX_VALUE_BYTES: '1048576' },
  REPRAM_MAX_KEY_BYTES: { REPRAM_MAX_KEY_BYTES: '512' },
  REPRAM_MAX_STORAGE_MB: { REPRAM_MAX_STORAGE_MB: '100' },
  REPRAM_MAX_CONNECTIONS: { REPRAM_MAX_CONNECTIONS: '100' },
  REPRAM_MAX_CONNECTIONS_PER_ADDRESS: { REPRAM_MAX_CONNECTIONS_PER_ADDRESS: '20' },
  REPRAM_MAX_STREAMS: { REPRAM_MAX_STREAMS: '20' },
  REPRAM_MAX_STREAM_BYTES: { REPRAM_MAX_STREAM_BYTES: '524288' },
  REPRAM_STORE_URL: { REPRAM_STORE_URL: 'redis://127.0.0.1' },
  REPRAM_STORE_CA_FILE: { REPRAM_STORE_CA_FILE: file('ca.pem', rootCertificates[0]) },
  REPRAM_STORE_TIMEOUT_MS: { REPRAM_STORE_TIMEOUT_MS: '500' },
  REPRAM_CLUSTER: { REPRAM_CLUSTER: 'mine' },
  REPRAM_CLUSTER_SECRET: { REPRAM_CLUSTER_SECRET: 'not shown' },
  REPRAM_PEERS: { REPRAM_PEERS: '192.0.2.1:8081' },
  REPRAM_PEER_ALLOW: { REPRAM_PEER_ALLOW: '192.0.2.0/24' },
  REPRAM_TRUST_PROXY: { REPRAM_TRUST_PROXY: 'true' },
  REPRAM_ALLOWED_HOSTS: { REPRAM_ALLOWED_HOSTS: 'board.example' },
  REPRAM_EXPECTED_HOSTS: { REPRAM_EXPECTED_HOSTS: '3' },
  REPRAM_MAX_CLOCK_OFFSET_MS: { REPRAM_MAX_CLOCK_OFFSET_MS: '5000' },
  REPRAM_NODE_ID: { REPRAM_NODE_ID: 'alpha' },
  REPRAM_ADDRESS: { REPRAM_ADDRESS: '192.0.2.1' },
  REPRAM_BIND_ADDRESS: { REPRAM_BIND_ADDRESS: '127.0.0.2' },
  REPRAM_ISOLATION: { REPRAM_ISOLATION: 'none' },
  REPRAM_DATA_LANE: { REPRAM_DATA_LANE: 'off' },
  REPRAM_HUNG_AFTER_MS: { REPRAM_HUNG_AFTER_MS: '10000' },
  REPRAM_LOG_LEVEL: { REPRAM_LOG_LEVEL: 'warn' },
  REPRAM_LOG_FORMAT: { REPRAM_LOG_FORMAT: 'pretty' },
  APP_NAME: { APP_NAME: 'board' },
  FLUX_APP_NAME: { FLUX_APP_NAME: 'board' },
  FLUX_NODE_HOST_IP: { FLUX_NODE_HOST_IP: '192.0.2.1' },
  FLUX_API_URL: { FLUX_API_URL: 'https://api.example' },
  REPRAM_ADVERTISE_PORTS: { REPRAM_ADVERTISE_PORTS: '8081:38081' },
  REPRAM_CLUSTER_SECRET_FILE: { REPRAM_CLUSTER_SECRET_FILE: file('secret', 'not shown') },
};

const document = readFileSync(join(__dirname, '../../../docs/configuration.md'), 'utf8');
const variables = [...document.matchAll(/^\| `([A-Z_]+)` \| `[^`]*` \| .* Danger: /gm)].map(
  ([, name]) => name,
);

it('the document lists variables', () => {
  expect(variables.length).toBeGreaterThan(40);
});

it.each(variables)('GET /status shows %s', (name) => {
  const other = OTHER[name] as Record<string, string> | undefined;
  if (other === undefined) throw new Error(`OTHER names no value of ${name} beside its default`);
  const [field, config] = [fieldOf(name), configOf(other)];
  expect(config).toHaveProperty([field]);
  expect(config[field]).not.toEqual(configOf({})[field]);
});

it('GET /status shows no secret', () => {
  for (const name of ['REPRAM_CLUSTER_SECRET', 'REPRAM_CLUSTER_SECRET_FILE'])
    expect(JSON.stringify(configOf(OTHER[name]))).not.toContain('not shown');
  const url = 'redis://:word@127.0.0.1';
  expect(JSON.stringify(configOf({ REPRAM_STORE_URL: url }))).not.toContain('word');
});
