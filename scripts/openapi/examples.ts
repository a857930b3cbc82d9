// Examples of answers in the document. The linter holds them to the schemas.
const NODE = '9f8a2c4e6b1d3570';
const PEER = '04c1d8e2f7a96b35';

const DIGEST = {
  keys: 2,
  used_bytes: 1840,
  limit_bytes: 268_435_456,
  puts_per_second: 4,
  gets_per_second: 20,
  loop_delay_ms: 1,
  missing_writes: 0,
};

export const PEERS = {
  node_id: NODE,
  peers: [
    {
      id: PEER,
      name: 'node-2',
      address: '127.0.0.1',
      port: 8082,
      state: 'alive',
      incarnation: 0,
      rtt_ms: 0.412,
      last_seen: '2026-02-03T04:05:06.789Z',
      host: '5d41402abc4b2a76',
      reach: 'direct',
      failure_domain: '5d41402abc4b2a76',
      lagging: false,
      full: false,
      in_step: true,
      missing_writes: 0,
      behind_writes: 0,
      queued_bytes: 0,
      clock_offset_ms: -0.214,
      digest: DIGEST,
    },
  ],
  last_updated: '2026-02-03T04:05:06.801Z',
};

const NODE_FACTS = {
  node_id: NODE,
  name: 'node-1',
  cluster: 'repram',
  discovery_enabled: true,
  active_peers: 2,
};
const SERVING = { serving: { state: 'ready', status: 'up' } };
const ENDING = { serving: { state: 'draining', status: 'down' } };

export const HEALTH = { status: 'ok', ...NODE_FACTS, info: SERVING, error: {}, details: SERVING };
export const DRAINING = { status: 'shutting_down', ...NODE_FACTS, info: {}, error: ENDING, details: ENDING };

export const STATUS = {
  node_id: NODE,
  name: 'node-1',
  port: 8081,
  cluster: 'repram',
  version: '0.1.0',
  uptime: '12s',
  uptime_seconds: 12,
  state: 'ready',
  memory: { rss: 104_857_600, heap_used: 33_554_432, heap_total: 50_331_648, external: 4_194_304 },
  storage: {
    keys: 2,
    stubs: 1,
    dropped_early: 0,
    value_bytes: 1200,
    used_bytes: 1840,
    limit_bytes: 268_435_456,
    root: '00c5a1f09b7e3d42',
  },
  digest: DIGEST,
  replication: {
    quorum: 2,
    counts: 'nodes',
    pending_writes: 0,
    held_writes: 2,
    stored_only_writes: 0,
    lagging_peers: 0,
    queued_bytes: 0,
    assembling_bytes: 0,
    repaired: { join: 0, gap: 0, leaves: 0 },
    own_writes: 2,
    missing_writes: 0,
    peers_in_step: 2,
    refused_versions: 0,
    clock_offset_ms: 0,
  },
  membership: {
    alive: 2,
    suspect: 0,
    dead: 0,
    links: 2,
    expected_nodes: 3,
    expected_hosts: 1,
    hosts_alive: 1,
    health_score: 0,
    failure_domain: '5d41402abc4b2a76',
    incarnation: 0,
  },
  client_quota: {
    percent: 25,
    addresses: 'socket',
    bytes: 44_739_242,
    byte_seconds: 1_932_735_283_200,
    clients: 1,
    refused: 0,
    unnamed_proxy: false,
  },
  engine: { engine: 'gossip', is_reachable: true },
  event_loop: { p50_ms: 0.1, p99_ms: 1.4, max_ms: 8.2 },
  config: { base_port: 8081, cluster_secret: 'unset' },
};

export const V1_HEALTH = { status: 'healthy', node_id: NODE, network: 'public', enclave: 'repram' };
export const V1_TOPOLOGY = {
  node_id: NODE,
  enclave: 'repram',
  peers: [{ id: PEER, address: '127.0.0.1', http_port: 8082, enclave: 'repram' }],
};

export const METRICS = `# HELP repram_storage_keys Live keys held here.
# TYPE repram_storage_keys gauge
repram_storage_keys 2
`;

export const EVENTS = `retry: 1000

event: put
id: AdM2fDiy3J1K
data: {"key":"greeting","version":"6882b0813d000-${NODE}","ttl_seconds":600,"remaining_seconds":599.98,"size":5,"origin":"${NODE}","created_at":"2026-02-03T04:05:06.789Z"}

event: expire
data: {"key":"older","version":"6882b0812c000-${NODE}"}

`;
