// What GET /peers and GET /status say, read with care: a field that is missing or of another kind
// becomes a neutral value, and a peer without an id or a port is left out.
import { fields, figure, printable } from './text';

export type MemberState = 'alive' | 'suspect' | 'dead' | 'left';
export type NodeState = 'starting' | 'syncing' | 'ready' | 'draining';

/** What a node told of itself last. Rates per second, sizes in bytes. */
export interface Digest {
  readonly keys: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly writesPerSecond: number;
  readonly readsPerSecond: number;
  /** 99th percentile of the last minute. */
  readonly loopDelayMs: number;
  readonly missingWrites: number;
}

export interface PeerFacts {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly host: string;
  readonly state: MemberState;
  readonly isIndirect: boolean;
  readonly rttMs: number | null;
  /** Milliseconds before the answer was given; null when it was never heard. */
  readonly lastSeenAgoMs: number | null;
  readonly isLagging: boolean;
  readonly isFull: boolean;
  readonly isInStep: boolean;
  readonly missingWrites: number;
  readonly behindWrites: number;
  readonly queuedBytes: number;
  readonly clockOffsetMs: number | null;
  readonly digest: Digest | null;
}

/** Versions that came by repair since the node started, by how they came. */
export interface Repairs {
  readonly join: number;
  readonly gap: number;
  readonly leaves: number;
}

export interface SelfFacts {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly host: string;
  readonly cluster: string;
  readonly release: string;
  readonly uptimeSeconds: number;
  readonly state: NodeState;
  readonly digest: Digest;
  readonly repairs: Repairs;
  readonly clockOffsetMs: number;
  readonly quorum: number;
  readonly quorumCounts: 'nodes' | 'hosts';
  readonly expectedNodes: number;
}

/** One look at the network by one node. */
export interface Look {
  readonly self: SelfFacts;
  readonly peers: readonly PeerFacts[];
}

const MEMBER_STATES: readonly string[] = ['alive', 'suspect', 'dead', 'left'] satisfies MemberState[];
const NODE_STATES: readonly string[] = ['starting', 'syncing', 'ready', 'draining'] satisfies NodeState[];

export function isMemberState(value: unknown): value is MemberState {
  return typeof value === 'string' && MEMBER_STATES.includes(value);
}

/** @returns null when either is not the answer of a node */
export function readLook(status: unknown, peers: unknown): Look | null {
  const self = readSelf(status);
  const list = fields(peers).peers;
  if (self === null || !Array.isArray(list)) return null;
  const toldAtMs = Date.parse(String(fields(peers).last_updated));
  const known = list.map((each) => readPeer(each, toldAtMs));
  return { self, peers: known.filter((each) => each !== null) };
}

function readSelf(status: unknown): SelfFacts | null {
  const told = fields(status);
  const id = printable(told.node_id);
  const port = figure(told.port, null);
  if (id === '' || port === null) return null;
  const replication = fields(told.replication);
  const repaired = fields(replication.repaired);
  return {
    id,
    name: printable(told.name),
    port,
    host: printable(fields(told.config).host_id),
    cluster: printable(told.cluster),
    release: printable(told.version),
    uptimeSeconds: figure(told.uptime_seconds, 0),
    state: NODE_STATES.includes(String(told.state)) ? (told.state as NodeState) : 'starting',
    digest: ownDigest(told),
    repairs: {
      join: figure(repaired.join, 0),
      gap: figure(repaired.gap, 0),
      leaves: figure(repaired.leaves, 0),
    },
    clockOffsetMs: figure(replication.clock_offset_ms, 0),
    quorum: figure(replication.quorum, 1),
    quorumCounts: replication.counts === 'hosts' ? 'hosts' : 'nodes',
    expectedNodes: figure(fields(told.membership).expected_nodes, 1),
  };
}

/** Its event loop is told more finely beside the digest. */
function ownDigest(told: Readonly<Record<string, unknown>>): Digest {
  const storage = fields(told.storage);
  const digest = readDigest(told.digest);
  return {
    keys: figure(storage.keys, 0),
    usedBytes: figure(storage.used_bytes, 0),
    limitBytes: figure(storage.limit_bytes, 0),
    writesPerSecond: digest?.writesPerSecond ?? 0,
    readsPerSecond: digest?.readsPerSecond ?? 0,
    loopDelayMs: figure(fields(told.event_loop).p99_ms, 0),
    missingWrites: figure(fields(told.replication).missing_writes, 0),
  };
}

function readDigest(value: unknown): Digest | null {
  if (typeof value !== 'object' || value === null) return null;
  const told = fields(value);
  return {
    keys: figure(told.keys, 0),
    usedBytes: figure(told.used_bytes, 0),
    limitBytes: figure(told.limit_bytes, 0),
    writesPerSecond: figure(told.puts_per_second, 0),
    readsPerSecond: figure(told.gets_per_second, 0),
    loopDelayMs: figure(told.loop_delay_ms, 0),
    missingWrites: figure(told.missing_writes, 0),
  };
}

function readPeer(value: unknown, toldAtMs: number): PeerFacts | null {
  const told = fields(value);
  const id = printable(told.id);
  const port = figure(told.port, null);
  if (id === '' || port === null || !isMemberState(told.state)) return null;
  return {
    id,
    name: printable(told.name),
    address: printable(told.address),
    port,
    host: printable(told.host),
    state: told.state,
    isIndirect: told.reach === 'indirect',
    rttMs: figure(told.rtt_ms, null),
    lastSeenAgoMs: agoMs(told.last_seen, toldAtMs),
    isLagging: told.lagging === true,
    isFull: told.full === true,
    isInStep: told.in_step === true,
    missingWrites: figure(told.missing_writes, 0),
    behindWrites: figure(told.behind_writes, 0),
    queuedBytes: figure(told.queued_bytes, 0),
    clockOffsetMs: figure(told.clock_offset_ms, null),
    digest: readDigest(told.digest),
  };
}

/** Both times are of the node's clock, so the browser's does not matter. */
function agoMs(seen: unknown, toldAtMs: number): number | null {
  const ago = toldAtMs - Date.parse(String(seen));
  return Number.isFinite(ago) ? Math.max(0, ago) : null;
}
