// What a node says of itself and of its peers, as far as the command line reads it. Every answer is
// taken apart with care: whatever listens on a port may answer anything.

import { printable } from '../input/key';

export type Facts = Readonly<Record<string, unknown>>;

export function factsOf(value: unknown): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : {};
}

/** As a terminal may show it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? printable(value) : '';
}

/** Whatever it is, as a terminal may show it. */
export function shown(value: unknown): string {
  return printable(String(value));
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** What a node tells in each of its heartbeats. */
export interface Digest {
  readonly keys: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly putsPerSecond: number;
  readonly getsPerSecond: number;
  readonly loopDelayMs: number;
  readonly missingWrites: number;
}

export function digestOf(value: unknown): Digest {
  const facts = factsOf(value);
  return {
    keys: numberOf(facts.keys),
    usedBytes: numberOf(facts.used_bytes),
    limitBytes: numberOf(facts.limit_bytes),
    putsPerSecond: numberOf(facts.puts_per_second),
    getsPerSecond: numberOf(facts.gets_per_second),
    loopDelayMs: numberOf(facts.loop_delay_ms),
    missingWrites: numberOf(facts.missing_writes),
  };
}

export interface PeerFacts {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly state: string;
  readonly reach: string;
  readonly rttMs: number | null;
  readonly lagging: boolean;
  readonly full: boolean;
  readonly inStep: boolean;
  readonly missingWrites: number;
  readonly clockOffsetMs: number;
  readonly digest: Digest;
}

export function peersOf(body: unknown): PeerFacts[] {
  return listOf(factsOf(body).peers).map((each) => {
    const facts = factsOf(each);
    return {
      id: textOf(facts.id),
      name: textOf(facts.name),
      address: textOf(facts.address),
      port: numberOf(facts.port),
      state: textOf(facts.state),
      reach: textOf(facts.reach),
      rttMs: typeof facts.rtt_ms === 'number' ? facts.rtt_ms : null,
      lagging: facts.lagging === true,
      full: facts.full === true,
      inStep: facts.in_step === true,
      missingWrites: numberOf(facts.missing_writes),
      clockOffsetMs: numberOf(facts.clock_offset_ms),
      digest: digestOf(facts.digest),
    };
  });
}

export interface StatusFacts {
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  readonly port: number;
  readonly state: string;
  readonly uptimeSeconds: number;
  readonly release: string;
  readonly rssBytes: number;
  readonly digest: Digest;
  readonly laggingPeers: number;
  readonly refusedVersions: number;
  readonly clockOffsetMs: number;
  readonly config: Facts;
}

/** Null when this is not the status of a node. */
export function statusOf(body: unknown): StatusFacts | null {
  const facts = factsOf(body);
  const id = textOf(facts.node_id);
  if (!/^[0-9a-f]{16}$/.test(id)) return null;
  const replication = factsOf(facts.replication);
  return {
    id,
    name: textOf(facts.name),
    cluster: textOf(facts.cluster),
    port: numberOf(facts.port),
    state: textOf(facts.state),
    uptimeSeconds: numberOf(facts.uptime_seconds),
    release: textOf(facts.version),
    rssBytes: numberOf(factsOf(facts.memory).rss),
    digest: digestOf(facts.digest),
    laggingPeers: numberOf(replication.lagging_peers),
    refusedVersions: numberOf(replication.refused_versions),
    clockOffsetMs: numberOf(replication.clock_offset_ms),
    config: factsOf(facts.config),
  };
}
