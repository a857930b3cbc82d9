import type { MemberReport } from '../../runtime/node-view';
import { quorumView } from './quorum-view';

const peer = (state: string, failureDomain: string): MemberReport =>
  ({ state, failureDomain }) as MemberReport;
const replication = (counts: 'nodes' | 'hosts') =>
  ({ quorum: 2, counts }) as Parameters<typeof quorumView>[0];

it('counts this node and the peers that are alive', () => {
  const peers = [peer('alive', 'a'), peer('suspect', 'a'), peer('dead', 'b')];
  expect(quorumView(replication('nodes'), peers, 'a')).toEqual({ counts: 'nodes', needed: 2, reachable: 2 });
});

it('counts distinct hosts when the quorum does', () => {
  const peers = [peer('alive', 'a'), peer('alive', 'b'), peer('alive', 'b')];
  expect(quorumView(replication('hosts'), peers, 'a')).toEqual({ counts: 'hosts', needed: 2, reachable: 2 });
});
