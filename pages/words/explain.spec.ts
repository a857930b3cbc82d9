import { explain, passesByItself, retryDelayMs } from './explain';

const refused = (status: number, retryAfterSeconds: number | null = null, code = '', detail = '') =>
  ({ kind: 'refused', status, code, detail, retryAfterSeconds }) as const;

it('waiting grows with each failure, is bounded, and never undercuts what the node asks for', () => {
  const silent = { kind: 'unreachable' } as const;
  expect([1, 2, 3, 9].map((failures) => retryDelayMs(silent, failures, 0))).toEqual([
    2000, 4000, 8000, 30_000,
  ]);
  expect(retryDelayMs(refused(429, 7), 1, 0)).toBe(7000);
  expect(retryDelayMs(silent, 1, 1)).toBe(2400);
});

it.each([
  [{ kind: 'unreachable' } as const, true],
  [refused(429), true],
  [refused(503), true],
  [refused(507), false],
  [refused(400), false],
])('of %j it is %s that it passes by itself', (failure, passes) => {
  expect(passesByItself(failure)).toBe(passes);
});

it('says who is to blame, and makes a sentence of what the node said', () => {
  expect(explain({ kind: 'unreachable' }, false).title).toBe('You are offline.');
  expect(explain({ kind: 'unreachable' }, true).title).toBe('This node does not answer.');
  expect(explain(refused(507, null, 'storage-full', 'no room for 40 bytes'), true).detail).toBe(
    'No room for 40 bytes.',
  );
  expect(explain(refused(503, null, 'syncing'), true).title).toContain('still collecting messages');
  expect(explain(refused(502), true)).toEqual({
    title: 'The node failed to answer properly (502).',
    detail: '',
  });
  expect(explain(refused(400), true).title).toBe('The node did not accept the request (400).');
});
