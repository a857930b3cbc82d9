import request from 'supertest';
import type { MemberReport } from '../../src/runtime/node-view';
import { startFakeNode } from '../support/fake-node';

const ALIVE: MemberReport = {
  id: 'aaaaaaaaaaaaaaaa',
  name: 'node-2',
  address: '127.0.0.1',
  port: 8082,
  state: 'alive',
  incarnation: 2,
  rttMs: 0.123456,
  lastSeenAgoMs: 1000,
  hostId: 'host-a',
  reach: 'direct',
  lagging: false,
  full: false,
};
const NEVER_SEEN: MemberReport = {
  ...ALIVE,
  id: 'bbbbbbbbbbbbbbbb',
  state: 'dead',
  rttMs: null,
  lastSeenAgoMs: null,
  reach: 'indirect',
};

it('shows each peer as this node sees it', async () => {
  const node = await startFakeNode();
  node.view.members = [ALIVE, NEVER_SEEN];
  const { body } = await request(node.url).get('/peers').expect(200);
  await node.close();
  const updatedMs = Date.parse(String(body.last_updated));
  expect(Math.abs(Date.now() - updatedMs)).toBeLessThan(10_000);
  const seen = { rtt_ms: 0.123, last_seen: new Date(updatedMs - 1000).toISOString() };
  const same = { name: 'node-2', address: '127.0.0.1', port: 8082, incarnation: 2, host: 'host-a' };
  expect(body).toEqual({
    node_id: node.engine.origin,
    peers: [
      { id: ALIVE.id, state: 'alive', reach: 'direct', ...same, ...seen },
      { id: NEVER_SEEN.id, state: 'dead', reach: 'indirect', ...same, rtt_ms: null, last_seen: null },
    ],
    last_updated: body.last_updated,
  });
});
