// What a node shows to Prometheus, and from where each number comes. Names and labels are an
// interface: dashboards and alerts depend on them. Units are Prometheus' base units, seconds and
// bytes.
import { PROBLEM_CODES, type ProblemCode } from '../../http/problem-codes';
import type { ClientLimits } from '../../http/limits/client-limits';
import type { ProblemCounts } from '../../http/problem-counts';
import type { DataEngine, PutOutcome } from '../../runtime/data-engine';
import { DURATION_BOUNDS_MS } from '../../runtime/node-tally';
import type { NodeView } from '../../runtime/node-view';
import type { WaitingReadsService } from '../data/waiting-reads.service';
import type { EventsService } from '../events/events.service';
import { MetricSet, oneOf, type Sample } from './metric-set';
import { addHeld } from './held-metrics';
import { addListeners } from './listener-metrics';
import { addNetwork, addProcess, addRepair } from './network-metrics';

export interface MetricSources {
  readonly engine: DataEngine;
  readonly view: NodeView;
  readonly problems: ProblemCounts;
  readonly limits: ClientLimits;
  readonly events: EventsService;
  readonly waiting: WaitingReadsService;
  /** Of this software. */
  readonly release: string;
}

/** With what each is answered. */
const OUTCOMES: Readonly<Record<PutOutcome['kind'], number>> = {
  held: 201,
  stored: 202,
  full: 507,
  busy: 503,
  unstamped: 503,
  draining: 503,
  away: 503,
};
const STATES = ['starting', 'syncing', 'ready', 'draining'] as const;

export function nodeMetrics(sources: MetricSources): MetricSet {
  const set = new MetricSet();
  addIdentity(set, sources);
  addStorage(set, sources);
  addTraffic(set, sources);
  addHeld(set, sources);
  addListeners(set, sources);
  addReplication(set, sources);
  addRepair(set, sources);
  addNetwork(set, sources);
  addProcess(set, sources);
  return set;
}

function addIdentity(set: MetricSet, { engine, view, release }: MetricSources): void {
  const info = (): Sample[] => {
    const { id, name, cluster } = view.identity();
    return [{ labels: { node_id: id, name, cluster, version: release }, value: 1 }];
  };
  const infoLabels = ['node_id', 'name', 'cluster', 'version'];
  set.gauge('repram_node_info', 'Always 1; the labels say which node this is.', info, infoLabels);
  const states = (): Sample[] => oneOf('state', STATES, (state) => Number(engine.state() === state));
  set.gauge('repram_node_state', '1 for the state this node is in.', states, ['state']);
  set.gauge('repram_uptime_seconds', 'Since this node started.', () => view.uptimeMs() / 1000);
}

function addStorage(set: MetricSet, { engine, view }: MetricSources): void {
  set.gauge('repram_storage_keys', 'Live keys held here.', () => engine.stats().keys);
  set.gauge('repram_storage_value_bytes', 'Bytes of live values.', () => engine.stats().valueBytes);
  set.gauge('repram_storage_used_bytes', 'Bytes counted against the limit.', () => engine.stats().usedBytes);
  set.gauge('repram_storage_limit_bytes', 'Bytes this node may hold.', () => engine.stats().limitBytes);
  set.gauge('repram_storage_stubs', 'Expired versions still remembered.', () => engine.stats().stubs);
  const dropped = 'Expired versions forgotten before their time for room.';
  set.counter('repram_stubs_dropped_early_total', dropped, () => view.report().storage.droppedEarly);
  set.counter('repram_expired_total', 'Values whose time-to-live ended here.', () => view.counters().expired);
}

function addTraffic(set: MetricSet, { view, problems }: MetricSources): void {
  set.counter('repram_reads_total', 'Reads asked of this node, found or not.', () => view.counters().reads);
  const outcomes = Object.keys(OUTCOMES) as PutOutcome['kind'][];
  const writes = (): Sample[] => {
    const counts = view.counters().writes;
    return oneOf('outcome', outcomes, (outcome) => counts[outcome]);
  };
  const told = outcomes.map((outcome) => `${outcome} = ${OUTCOMES[outcome]}`).join(', ');
  set.counter('repram_writes_total', `Writes by outcome: ${told}.`, writes, ['outcome']);
  const acks = 'Copies known to exist when writes were answered, the one of this node included.';
  set.counter('repram_write_acks_total', acks, () => view.counters().acks);
  const rejected = (): Sample[] =>
    (Object.keys(PROBLEM_CODES) as ProblemCode[]).map((code) => ({
      labels: { code, status: String(PROBLEM_CODES[code].status) },
      value: problems.of(code),
    }));
  const help = 'Requests answered with a problem, by its code (docs/errors.md).';
  set.counter('repram_rejected_requests_total', help, rejected, ['code', 'status']);
}

function addReplication(set: MetricSet, { view }: MetricSources): void {
  const replication = () => view.report().replication;
  const lag = () => {
    const { durations } = view.counters();
    return (['held', 'stored'] as const).map((outcome) => {
      const { classes, sumMs } = durations[outcome];
      return { labels: { outcome }, classes, sum: sumMs / 1000 };
    });
  };
  const bounds = DURATION_BOUNDS_MS.map((boundMs) => boundMs / 1000);
  const help = 'From the arrival of a write to its outcome: held as asked, or stored here only.';
  set.histogram('repram_replication_lag_seconds', help, bounds, lag);
  set.gauge(
    'repram_pending_writes',
    'Writes not acknowledged by all yet.',
    () => replication().pendingWrites,
  );
  set.gauge('repram_quorum', 'Nodes or hosts that must hold a write for 201.', () => replication().quorum);
  set.gauge('repram_lagging_peers', 'Peers that writes do not wait for.', () => replication().laggingPeers);
  set.gauge('repram_queued_bytes', 'Waiting to be sent to peers.', () => replication().queuedBytes);
  const refused = 'Versions of peers refused for a clock too far ahead.';
  set.counter('repram_refused_versions_total', refused, () => replication().refusedVersions);
  const offset = "Correction of this node's clock towards the median of its peers.";
  set.gauge('repram_clock_offset_seconds', offset, () => replication().clockOffsetMs / 1000);
}
