import { peersBody, statusBody } from '../looks';
import { readLook } from './facts';

it('reads what a node says of itself and of its peers', () => {
  const look = readLook(statusBody({ port: 8081 }), peersBody([{ id: 'b', port: 8082, rtt_ms: 0.4 }]));
  expect(look?.self).toMatchObject({ id: 'a', port: 8081, host: 'h1', state: 'ready' });
  expect(look?.self.digest).toMatchObject({
    keys: 2,
    writesPerSecond: 3,
    readsPerSecond: 4,
    loopDelayMs: 1.5,
  });
  expect(look?.peers).toMatchObject([{ id: 'b', port: 8082, rttMs: 0.4, state: 'alive' }]);
});

it('reckons by the clock of the node when a peer was heard last', () => {
  const body = peersBody([{ last_seen: '2026-01-01T00:00:00.000Z' }], '2026-01-01T00:00:03.000Z');
  expect(readLook(statusBody(), body)?.peers[0]?.lastSeenAgoMs).toBe(3000);
});

it('puts neutral values where fields are missing or of another kind', () => {
  const peer = { id: 'b', port: 1, state: 'alive', rtt_ms: 'soon', lagging: 1, digest: 'none', name: 7 };
  expect(readLook(statusBody({ storage: null }), peersBody([peer]))).toMatchObject({
    self: { digest: { keys: 0 } },
    peers: [{ rttMs: null, isLagging: false, digest: null, name: '', lastSeenAgoMs: null }],
  });
});

it('leaves out peers without id, port or a known state', () => {
  const broken = [{ id: '' }, { port: null }, { state: 'asleep' }, null, 5];
  expect(readLook(statusBody(), { peers: broken.map((each) => each) })?.peers).toEqual([]);
});

it.each([
  ['no status', 'nothing', { peers: [] }],
  ['no list of peers', statusBody(), { peers: 'many' }],
])('is no look with %s', (_name, status, peers) => {
  expect(readLook(status, peers)).toBeNull();
});

it('shows names of strangers as one short visible line', () => {
  const [peer] = readLook(statusBody(), peersBody([{ name: `a\n\u202Eb${'x'.repeat(500)}` }]))?.peers ?? [];
  expect(peer?.name).toHaveLength(64);
  expect(peer?.name).not.toMatch(/[\n\u202E]/);
});
