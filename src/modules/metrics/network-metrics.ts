// The part of a node's metrics that tells of its peers, and of the process it runs in.
import type { NodeView } from '../../runtime/node-view';
import { cpuSeconds, memoryFigures } from '../../runtime/process-figures';
import { type MetricSet, oneOf, type Sample } from './metric-set';

interface Viewed {
  readonly view: NodeView;
}

const MEMBER_STATES = ['alive', 'suspect', 'dead', 'left'] as const;

export function addNetwork(set: MetricSet, { view }: Viewed): void {
  const members = (): Sample[] => {
    const peers = view.peers();
    return oneOf('state', MEMBER_STATES, (state) => peers.filter((peer) => peer.state === state).length);
  };
  set.gauge('repram_members', 'Peers known, by state; this node excluded.', members, ['state']);
  const score = "Lifeguard's local health score, 0 = well.";
  set.gauge('repram_health_score', score, () => view.report().membership.healthScore);
  const links = () => view.counters().links;
  const moved = (sent: number, received: number): Sample[] => [
    { labels: { direction: 'sent' }, value: sent },
    { labels: { direction: 'received' }, value: received },
  ];
  set.gauge('repram_links', 'Peer links open now.', () => links().links);
  const bytes = (): Sample[] => moved(links().sentBytes, links().receivedBytes);
  set.counter('repram_link_bytes_total', 'Bytes of frames on peer links.', bytes, ['direction']);
  const frames = (): Sample[] => moved(links().sentFrames, links().receivedFrames);
  set.counter('repram_link_frames_total', 'Frames on peer links.', frames, ['direction']);
  const refused = (): Sample[] => {
    const { refusedByPolicy, refusedOrigin, refusedForwarded, failedProof } = links();
    const counts = {
      policy: refusedByPolicy,
      origin: refusedOrigin,
      forwarded: refusedForwarded,
      proof: failedProof,
    };
    const reasons = ['policy', 'origin', 'forwarded', 'proof'] as const;
    return oneOf('reason', reasons, (reason) => counts[reason]);
  };
  set.counter('repram_refused_links_total', 'Peer links refused.', refused, ['reason']);
  const invalid = 'Frames and greetings that were not understood.';
  set.counter('repram_invalid_frames_total', invalid, () => links().invalidFrames);
}

export function addRepair(set: MetricSet, { view }: Viewed): void {
  const replication = () => view.report().replication;
  const repaired = (): Sample[] =>
    oneOf('how', ['join', 'gap', 'leaves'] as const, (how) => replication().repaired[how]);
  set.counter('repram_repaired_records_total', 'Versions that repair brought here.', repaired, ['how']);
  const missing = 'Writes of others that this node knows of and has not taken in.';
  set.gauge('repram_missing_writes', missing, () => replication().missingWrites);
  set.gauge('repram_peers_in_step', 'Linked peers with equal root hash.', () => replication().peersInStep);
}

/** Of the process, which may host several nodes (REPRAM_ISOLATION=none). */
export function addProcess(set: MetricSet, { view }: Viewed): void {
  const delay = (): Sample[] => {
    const { p50, p99, max } = view.loopDelayMs();
    const quantiles = [
      ['0.5', p50],
      ['0.99', p99],
      ['1', max],
    ] as const;
    return quantiles.map(([quantile, ms]) => ({ labels: { quantile }, value: ms / 1000 }));
  };
  const help = 'How late the event loop was within the last one to two minutes.';
  set.quantiles('repram_event_loop_delay_seconds', help, delay);
  const memory = (): Sample[] => {
    const { rss, heapUsed, heapTotal, external } = memoryFigures();
    const kinds = { rss, heap_used: heapUsed, heap_total: heapTotal, external };
    return Object.entries(kinds).flatMap(([kind, value]) =>
      value === null ? [] : [{ labels: { kind }, value }],
    );
  };
  set.gauge('repram_process_memory_bytes', 'Memory of the process.', memory, ['kind']);
  set.counter('repram_process_cpu_seconds_total', 'Processor time of the process.', cpuSeconds);
}
