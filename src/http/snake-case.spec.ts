import { snakeCased } from './snake-case';

it('renames members at every depth and leaves values alone', () => {
  expect(snakeCased({ ttlMinSeconds: 1, peers: [{ hostId: 'aB' }], none: null, on: true })).toEqual({
    ttl_min_seconds: 1,
    peers: [{ host_id: 'aB' }],
    none: null,
    on: true,
  });
});
