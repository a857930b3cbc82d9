import { messageLink, openedBy, privateLink } from './address';

const PAGE = 'http://localhost:8081/x/';
const SECRET = 'A'.repeat(40) + '_-9';

it.each(['fade/1700000000000-a1b2', 'any key/with #? and %', '\u{1f4be}'])(
  'a link to %j leads back to it',
  (key) => {
    const link = messageLink(PAGE, key);
    expect(openedBy(new URL(link).hash)).toEqual({ kind: 'message', key });
  },
);

it('a private link leads back to its name and its key', () => {
  const link = privateLink(PAGE, '0123456789abcdefghij', SECRET);
  expect(openedBy(new URL(link).hash)).toEqual({
    kind: 'private',
    id: '0123456789abcdefghij',
    secret: SECRET,
  });
});

it.each(['', '#', '#network', '#x=1'])('%j opens nothing', (hash) => {
  expect(openedBy(hash)).toEqual({ kind: 'nothing' });
});

const ID = '0123456789abcdefghij';

it.each([
  ['a message, half a character', '#m=%E0%A4%A'],
  ['a private message, nothing', '#p='],
  ['a private message, half of both', '#p=short.key'],
  ['a private message, no key', `#p=${ID}.`],
  ['a private message, a part of the key', `#p=${ID}.${SECRET.slice(0, -1)}`],
  ['a private message, a full stop behind it', `#p=${ID}.${SECRET}.`],
  ['a private message, a line break behind it', `#p=${ID}.${SECRET}%0A`],
  ['a private message, another path', `#p=../../x.${SECRET}`],
])('a link that is not whole is known as one: %s', (_what, hash) => {
  expect(openedBy(hash)).toEqual({ kind: 'broken' });
});
