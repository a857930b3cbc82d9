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

it.each(['', '#', '#m=%E0%A4%A', '#p=short.key', `#p=../../x.${SECRET}`, '#network'])(
  '%j opens nothing',
  (hash) => {
    expect(openedBy(hash)).toEqual({ kind: 'nothing' });
  },
);
