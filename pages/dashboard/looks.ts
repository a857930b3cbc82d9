// Answers of nodes, for tests.
import { readLook } from './facts/facts';
import type { Look } from './facts/facts';

type Fields = Readonly<Record<string, unknown>>;

const DIGEST = {
  keys: 2,
  used_bytes: 200,
  limit_bytes: 1000,
  puts_per_second: 3,
  gets_per_second: 4,
  loop_delay_ms: 1,
  missing_writes: 0,
};

/** Of node `a` on host `h1`, with the given fields. */
export function statusBody(fields: Fields = {}): Fields {
  return {
    node_id: 'a',
    name: 'node-1',
    port: 8081,
    cluster: 'repram',
    version: '0.1.0',
    uptime_seconds: 5,
    state: 'ready',
    storage: DIGEST,
    digest: DIGEST,
    replication: { quorum: 2, counts: 'nodes', repaired: { join: 1, gap: 2, leaves: 3 }, missing_writes: 0 },
    membership: { expected_nodes: 3 },
    event_loop: { p99_ms: 1.5 },
    config: { host_id: 'h1' },
    ...fields,
  };
}

/** Each peer is alive on host `h1` and port 8082 unless its fields say otherwise. */
export function peersBody(peers: readonly Fields[], toldAt = '2026-01-01T00:00:00.000Z'): Fields {
  const common = {
    name: 'node-2',
    address: '127.0.0.1',
    port: 8082,
    state: 'alive',
    host: 'h1',
    reach: 'direct',
    digest: DIGEST,
    in_step: true,
  };
  return { peers: peers.map((peer) => ({ id: 'b', ...common, ...peer })), last_updated: toldAt };
}

export function lookOf(peers: readonly Fields[], self: Fields = {}): Look {
  const look = readLook(statusBody(self), peersBody(peers));
  if (look === null) throw new Error('no look');
  return look;
}
