import request from 'supertest';
import { startFakeNode } from '../support/fake-node';

it('shows each peer as this node sees it', async () => {
  const node = await startFakeNode();
  node.view.members = [
    {
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
    },
    {
      id: 'bbbbbbbbbbbbbbbb',
      name: 'node-3',
      address: '10.0.0.9',
      port: 38083,
      state: 'dead',
      incarnation: 0,
      rttMs: null,
      lastSeenAgoMs: null,
      hostId: 'host-b',
      reach: 'indirect',
      lagging: true,
      full: false,
    },
  ];
  const { body } = await request(node.url).get('/peers').expect(200);
  await node.close();
  const updatedMs = Date.parse(String(body.last_updated));
  expect(Math.abs(Date.now() - updatedMs)).toBeLessThan(10_000);
  expect(body).toEqual({
    node_id: node.engine.origin,
    peers: [
      {
        id: 'aaaaaaaaaaaaaaaa',
        name: 'node-2',
        address: '127.0.0.1',
        port: 8082,
        state: 'alive',
        incarnation: 2,
        rtt_ms: 0.123,
        last_seen: new Date(updatedMs - 1000).toISOString(),
        host: 'host-a',
        reach: 'direct',
      },
      {
        id: 'bbbbbbbbbbbbbbbb',
        name: 'node-3',
        address: '10.0.0.9',
        port: 38083,
        state: 'dead',
        incarnation: 0,
        rtt_ms: null,
        last_seen: null,
        host: 'host-b',
        reach: 'indirect',
      },
    ],
    last_updated: body.last_updated,
  });
});
