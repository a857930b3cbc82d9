import { decodeCursor, encodeCursor } from './key-cursor';

it.each(['a', 'a/b?c=d', '🌱', '\0', 'x'.repeat(1024)])('a cursor made of %j leads back to it', (key) => {
  expect(decodeCursor(encodeCursor(key), 1024)).toBe(key);
});

it.each([
  ['another alphabet', 'a+b/'],
  ['bits that no encoder leaves behind', 'YR'],
  ['bytes that are not UTF-8', Buffer.from([0xff]).toString('base64url')],
  ['nothing', ''],
  ['a key above the limit', encodeCursor('x'.repeat(1025))],
])('a cursor of %s is refused', (_what, cursor) => {
  expect(decodeCursor(cursor, 1024)).toBeNull();
});
