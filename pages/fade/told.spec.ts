import { expireEventIn, messageOfEvent, putEventIn } from './told';

const PUT = {
  key: 'fade/x',
  version: '17',
  ttl_seconds: 60,
  remaining_seconds: 41.5,
  created_at: '2026-01-02T03:04:05.678Z',
  value: '{"v":1,"text":"hi"}',
};

it('reads a put event, and a message in it', () => {
  const event = putEventIn({ ...PUT, size: 1, origin: 'o', more: 1 });
  expect(event).toMatchObject({ key: 'fade/x', version: '17', ttlSeconds: 60, remainingSeconds: 41.5 });
  expect(event && messageOfEvent(event, event.value ?? '')).toMatchObject({
    postedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    content: { text: 'hi', foreign: false },
  });
});

it('takes bytes that are no text, and tells a value that did not come from an empty one', () => {
  const value = (more: object) => putEventIn({ ...PUT, value: undefined, ...more })?.value;
  expect(value({ value_base64: '//4=' })).toEqual(Uint8Array.of(255, 254));
  expect(value({ value_base64: '?' })).toBeNull();
  expect([value({}), value({ value: '' })]).toEqual([null, '']);
});

it.each([
  [null],
  ['text'],
  [[]],
  [{ ...PUT, key: 7 }],
  [{ ...PUT, ttl_seconds: '60' }],
  [{ ...PUT, version: null }],
])('%j is no put event', (told) => {
  expect(putEventIn(told)).toBeNull();
});

it('reads an expire event', () => {
  expect(expireEventIn({ key: 'k', version: '3' })).toEqual({ key: 'k', version: '3' });
  expect([expireEventIn(null), expireEventIn({ key: 'k' }), expireEventIn({ version: '3' })]).toEqual([
    null,
    null,
    null,
  ]);
});
