import { readKey } from './data-key';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

it.each([
  ['plain', 'plain'],
  ['a/b', 'a/b'],
  ['a%2Fb', 'a/b'],
  ['a%2fb', 'a/b'],
  ['%E2%82%AC', '€'],
  ['%f0%9f%8c%b1', '🌱'],
  ['a+b', 'a+b'],
  ['%25', '%'],
  ['%2525', '%25'],
  ['%00', '\0'],
  ['.', '.'],
  ['../x', '../x'],
  ['/', '/'],
  [Buffer.from('ü').toString('latin1'), 'ü'],
])('reads %j as the key %j', (encoded, key) => {
  const reading = readKey(encoded, 1024);
  expect(reading.kind).toBe('key');
  expect(reading.kind === 'key' && Buffer.compare(reading.bytes, utf8(key))).toBe(0);
});

it.each([
  '%',
  '%Z',
  '%ZZ',
  '%4',
  'abc%',
  '%%41',
  '% 41',
  '%+1',
  '%C3',
  '%FF',
  '%C0%80',
  '%ED%A0%80',
  '%F5%80%80%80',
  '\xff',
])('refuses %j as no percent-encoded UTF-8', (encoded) => {
  expect(readKey(encoded, 1024).kind).toBe('invalid');
});

it('tells an empty key from a wrong one', () => {
  expect(readKey('', 1024)).toEqual({ kind: 'missing' });
});

it('counts the bytes after decoding against the limit', () => {
  expect(readKey('%41'.repeat(1024), 1024).kind).toBe('key');
  expect(readKey('a'.repeat(1025), 1024)).toEqual({ kind: 'too-long', bytes: 1025 });
  expect(readKey('%E2%82%AC'.repeat(342), 1024)).toEqual({ kind: 'too-long', bytes: 1026 });
});
