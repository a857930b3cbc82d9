// The bodies that nodes answer with, as JSON Schema 2020-12 (which OpenAPI 3.1 speaks), each with
// an example.
import { PROBLEM_CODES } from '../../src/http/problem-codes';
import { EVENT_SCHEMAS } from './event-schemas';
import { amount, count, flag, listOf, nodeId, object, ref, type Schema, text } from './schema-parts';

const problem = object(
  {
    type: { ...text, pattern: '^urn:repram:problem:' },
    title: text,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { ...text, description: 'For people; may change.' },
    code: { ...text, enum: Object.keys(PROBLEM_CODES), description: 'For programs; stable.' },
  },
  { instance: { ...text, format: 'uri', description: 'Names the line in the log of the node.' } },
  { description: 'RFC 9457. docs/errors.md explains each code.' },
);

const keys = { ...listOf(text), description: 'Bytewise (UTF-8) order; only live keys.' };

const digestFigures = {
  keys: count,
  used_bytes: count,
  limit_bytes: count,
  puts_per_second: count,
  gets_per_second: count,
  loop_delay_ms: count,
  missing_writes: count,
};
const digest: Schema = object(
  digestFigures,
  {},
  { type: ['object', 'null'], description: 'What the peer said of itself last; null until it did.' },
);
const peer = object({
  id: nodeId,
  name: { ...text, examples: ['node-2'] },
  address: { ...text, description: 'The one that this node uses.', examples: ['127.0.0.1'] },
  port: { type: 'integer', minimum: 1, maximum: 65_535, examples: [8082] },
  state: { ...text, enum: ['alive', 'suspect', 'dead', 'left'] },
  incarnation: count,
  rtt_ms: { type: ['number', 'null'], description: 'Smoothed round trip; null until measured.' },
  last_seen: { type: ['string', 'null'], format: 'date-time' },
  host: { ...text, description: 'Equal for nodes that share a loopback interface.' },
  failure_domain: {
    ...text,
    description:
      'Where it says that it is: an address, or its host id. Nodes with the same one fail together.',
  },
  reach: { ...text, enum: ['direct', 'indirect'] },
  lagging: { ...flag, description: 'Writes do not wait for it now.' },
  full: { ...flag, description: 'It has no room for new keys.' },
  in_step: { ...flag, description: 'It told the same root hash as this node has.' },
  missing_writes: { ...count, description: 'Writes of the peer that this node has not taken in.' },
  behind_writes: { ...count, description: 'Writes of this node that the peer has not told to hold.' },
  queued_bytes: { ...count, description: 'Bytes of values that wait to be sent to it.' },
  clock_offset_ms: { type: ['number', 'null'], description: 'Its wall clock minus the one of this node.' },
  digest,
});

const check: Schema = object(
  { status: { ...text, enum: ['up', 'down'] } },
  {},
  { additionalProperties: true, description: 'Further members depend on the check.' },
);
const checks: Schema = { type: 'object', additionalProperties: check };
const health = object({
  status: { ...text, enum: ['ok', 'error', 'shutting_down'] },
  node_id: nodeId,
  name: text,
  cluster: text,
  discovery_enabled: flag,
  active_peers: count,
  info: checks,
  error: checks,
  details: checks,
});

const primary = object({
  endpoint: { ...text, examples: ['127.0.0.1:6379'] },
  replicas: { ...count, description: 'Those that are linked to it now.' },
  expected_replicas: { ...count, description: 'Those, and in a Cluster those that it lists as well.' },
  used_bytes: count,
  limit_bytes: { ...count, description: 'maxmemory, or where there is none the memory of the machine.' },
  policy: { ...text, description: 'maxmemory-policy.' },
  release: text,
});
const engine = object(
  { engine: { ...text, enum: ['gossip', 'redis'] }, is_reachable: flag },
  {
    url: { ...text, description: 'REPRAM_STORE_URL without what is secret in it.' },
    events: { ...text, enum: ['stream'] },
    away_buckets: {
      ...count,
      description: 'Those whose keys are answered 503 store-away: of 64 in a Cluster, of one on a server.',
    },
    problem: { type: ['string', 'null'], description: 'Why one of them cannot be reached.' },
    primaries: listOf(primary),
  },
  { description: 'What holds the values. All but the first two is there for redis alone.' },
);

const statusParts = {
  memory: object({
    rss: { type: ['integer', 'null'], minimum: 0, description: 'Null where the system does not tell.' },
    heap_used: count,
    heap_total: count,
    external: count,
  }),
  storage: object({
    keys: count,
    stubs: count,
    dropped_early: count,
    value_bytes: count,
    used_bytes: count,
    limit_bytes: count,
    root: { ...text, description: 'Equal on nodes that hold the same versions.' },
  }),
  digest: object(digestFigures, {}, { description: 'What this node tells its peers of itself.' }),
  replication: object({
    quorum: count,
    counts: { ...text, enum: ['nodes', 'hosts'] },
    pending_writes: count,
    held_writes: count,
    stored_only_writes: count,
    lagging_peers: count,
    queued_bytes: count,
    assembling_bytes: count,
    repaired: object({ join: count, gap: count, leaves: count }),
    own_writes: count,
    missing_writes: count,
    peers_in_step: count,
    refused_versions: count,
    clock_offset_ms: amount,
  }),
  membership: object({
    alive: count,
    suspect: count,
    dead: count,
    links: count,
    expected_nodes: count,
    expected_hosts: count,
    health_score: count,
    failure_domain: text,
    incarnation: count,
  }),
  client_quota: object({
    percent: count,
    addresses: { ...text, enum: ['socket', 'named-proxies', 'any-proxy'] },
    bytes: { ...count, description: 'What one client may occupy of this node at a time.' },
    byte_seconds: { ...count, description: 'The same, times seconds of remaining life.' },
    clients: count,
    refused: count,
    unnamed_proxy: {
      ...flag,
      description: 'Writes came through a proxy that REPRAM_TRUST_PROXY does not name.',
    },
  }),
  engine,
  event_loop: object({ p50_ms: amount, p99_ms: amount, max_ms: amount }),
  config: {
    type: 'object',
    additionalProperties: true,
    description: 'The settings in effect. Of the secret only whether there is one.',
  },
};
const status = object({
  node_id: nodeId,
  name: text,
  port: count,
  cluster: text,
  version: text,
  uptime: { ...text, examples: ['12s'] },
  uptime_seconds: count,
  state: { ...text, enum: ['starting', 'syncing', 'ready', 'draining'] },
  ...statusParts,
});

const v1Id = { ...text, description: 'REPRAM_NODE_ID where one is set, else the id of the node.' };

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Problem: problem,
  ...EVENT_SCHEMAS,
  KeyPage: object({ keys }, { next_cursor: { ...text, description: 'There when more keys follow.' } }),
  KeyList: object({ keys }),
  Peer: peer,
  PeerList: object({
    node_id: nodeId,
    peers: listOf(ref('Peer')),
    last_updated: { ...text, format: 'date-time' },
  }),
  Health: health,
  Status: status,
  OpenApi: object(
    { openapi: text, info: { type: 'object' }, paths: { type: 'object' } },
    {},
    { additionalProperties: true },
  ),
  V1Health: object({
    status: { ...text, enum: ['healthy', 'unhealthy'] },
    node_id: v1Id,
    network: { ...text, enum: ['public', 'private'] },
    enclave: { ...text, description: 'The name of the cluster.' },
  }),
  V1Topology: object({
    node_id: v1Id,
    enclave: text,
    peers: listOf(object({ id: v1Id, address: text, http_port: count, enclave: text })),
  }),
};
