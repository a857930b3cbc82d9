import type { CoreReport } from '../../runtime/node-view';
import { quorumView } from './quorum-view';

const report = (counts: 'nodes' | 'hosts'): CoreReport =>
  ({ replication: { quorum: 2, counts }, membership: { alive: 3, hostsAlive: 2 } }) as CoreReport;

it('counts this node and the peers that are alive', () => {
  expect(quorumView(report('nodes'))).toEqual({ counts: 'nodes', needed: 2, reachable: 4 });
});

it('counts distinct hosts when the quorum does', () => {
  expect(quorumView(report('hosts'))).toEqual({ counts: 'hosts', needed: 2, reachable: 2 });
});
