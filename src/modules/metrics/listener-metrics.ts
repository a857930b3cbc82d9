// The part of a node's metrics that tells of those who wait to be told something.
import type { EventsService } from '../events/events.service';
import type { WaitingReadsService } from '../data/waiting-reads.service';
import { type MetricSet, oneOf, type Sample } from './metric-set';

interface Listeners {
  readonly events: EventsService;
  readonly waiting: WaitingReadsService;
}

const REASONS = ['draining', 'slow-reader', 'syncing'] as const;

export function addListeners(set: MetricSet, { events, waiting }: Listeners): void {
  set.gauge('repram_event_streams', 'Streams of events open now.', () => events.counts().open);
  const told = 'Events told, each counted for each stream.';
  set.counter('repram_events_total', told, () => events.counts().told);
  const ended = (): Sample[] => oneOf('reason', REASONS, (reason) => events.counts().ended[reason]);
  set.counter('repram_event_streams_ended_total', 'Streams that this node ended.', ended, ['reason']);
  set.gauge('repram_waiting_reads', 'Reads that wait for their key now.', () => waiting.count);
}
