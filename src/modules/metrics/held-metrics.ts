// The part of a node's metrics that tells what it holds for clients and peers, and what it had to
// turn away.
import { ACCOUNTS } from '../../http/limits/ledger';
import type { ClientLimits } from '../../http/limits/client-limits';
import type { CoreReport, NodeView } from '../../runtime/node-view';
import { type MetricSet, oneOf, type Sample } from './metric-set';

interface Held {
  readonly limits: ClientLimits;
  readonly view: NodeView;
}

export function addHeld(set: MetricSet, { limits, view }: Held): void {
  const { ledger, connections, transfers } = limits;
  const replication = (): CoreReport['replication'] => view.report().replication;
  const held = (): Sample[] => [
    ...oneOf('holder', ACCOUNTS, (account) => ledger.heldBy(account)),
    { labels: { holder: 'queues' }, value: replication().queuedBytes },
    { labels: { holder: 'assembling' }, value: replication().assemblingBytes },
  ];
  const what =
    'Held for clients, by what it is held for, in queues for peers, and of what peers have sent in part.';
  set.gauge('repram_held_bytes', what, held, ['holder']);
  const limit = 'What may be held for all clients together.';
  set.gauge('repram_held_limit_bytes', limit, () => ledger.limitBytes);
  set.gauge('repram_connections', 'Connections open now, peer links that came in included.', () => {
    return connections.counts().open;
  });
  const refused = 'Connections that found no place and were answered 503.';
  set.counter('repram_refused_connections_total', refused, () => connections.counts().refused);
  const replaced = 'Connections without a request that were closed for a new one.';
  set.counter('repram_replaced_connections_total', replaced, () => connections.counts().madeRoom);
  const cut = 'Bodies and answers that were ended: for being too slow, or for their room.';
  const cuts = (): Sample[] =>
    oneOf('reason', ['too-slow', 'busy'] as const, (reason) => transfers.cuts(reason));
  set.counter('repram_cut_transfers_total', cut, cuts, ['reason']);
}
