import request from 'supertest';
import { startFakeNode } from '../support/fakes/fake-node';
import { memberReport } from '../support/core/member-report';

const DIGEST = { keys: 5, usedBytes: 100, limitBytes: 1000, putsPerSecond: 3, getsPerSecond: 4 };
const ALIVE = memberReport({
  incarnation: 2,
  rttMs: 0.123456,
  lastSeenAgoMs: 1000,
  missingWrites: 7,
  behindWrites: 8,
  clockOffsetMs: -1.23456,
  queuedBytes: 9,
  load: { ...DIGEST, loopDelayMs: 2, missingWrites: 0 },
});
const NEVER_SEEN = memberReport({
  id: 'bbbbbbbbbbbbbbbb',
  state: 'dead',
  incarnation: 2,
  rttMs: null,
  lastSeenAgoMs: null,
  reach: 'indirect',
  inStep: false,
});

const SAME = {
  name: 'node-2',
  address: '127.0.0.1',
  port: 8082,
  incarnation: 2,
  host: 'host-a',
  failure_domain: 'host-a',
};
const LOAD = { keys: 5, used_bytes: 100, limit_bytes: 1000, puts_per_second: 3, gets_per_second: 4 };
const ALIVE_BODY = {
  ...SAME,
  id: ALIVE.id,
  state: 'alive',
  reach: 'direct',
  lagging: false,
  full: false,
  rtt_ms: 0.123,
  in_step: true,
  missing_writes: 7,
  behind_writes: 8,
  queued_bytes: 9,
  clock_offset_ms: -1.235,
  digest: { ...LOAD, loop_delay_ms: 2, missing_writes: 0 },
};
const NEVER_SEEN_BODY = {
  ...SAME,
  id: NEVER_SEEN.id,
  state: 'dead',
  reach: 'indirect',
  lagging: false,
  full: false,
  in_step: false,
  missing_writes: 0,
  behind_writes: 0,
  queued_bytes: 0,
  clock_offset_ms: null,
  rtt_ms: null,
  last_seen: null,
  digest: null,
};

it('shows each peer as this node sees it', async () => {
  const node = await startFakeNode();
  node.view.members = [ALIVE, NEVER_SEEN];
  const { body } = await request(node.url).get('/peers').expect(200);
  await node.close();
  const updatedMs = Date.parse(String(body.last_updated));
  expect(Math.abs(Date.now() - updatedMs)).toBeLessThan(10_000);
  const lastSeen = new Date(updatedMs - 1000).toISOString();
  expect(body).toEqual({
    node_id: node.engine.origin,
    peers: [{ ...ALIVE_BODY, last_seen: lastSeen }, NEVER_SEEN_BODY],
    last_updated: body.last_updated,
  });
});
