import { keyHeaders, keyPath, keyText, queryText } from './keys';
import { errorCode } from '../../test/support/basics/error-code';

it('names any key in a path', () => {
  expect(keyPath(keyText('a/../ü ?%#'))).toBe('data/a%2F..%2F%C3%BC%20%3F%25%23');
  expect(keyText(new TextEncoder().encode('\ufeffü'))).toBe('\ufeffü');
});

it.each([...['', '.', '..', '\ud800'], new Uint8Array([0xff])])('refuses the key %j', (key) =>
  expect(errorCode(() => keyPath(keyText(key)))).toBe('argument-invalid'),
);

it('states the keys whose paths a proxy may change, and no other', () => {
  const changeable = ['a//b', '/a', 'a/', 'x/../y', './z', 'a/.', '100%', 'a%2Fb', 'a\\b'];
  for (const key of changeable) expect(keyHeaders(key)).toEqual({ 'x-repram-key': encodeURIComponent(key) });
  for (const key of ['plain', 'a/b', '.a', 'a..', 'a/...', 'é ü', 'q?x=1', 'a;b'])
    expect(keyHeaders(key)).toEqual({});
});

it('writes parameters that are given', () => {
  expect(queryText({ a: 'x y&', b: undefined, c: '' })).toBe('?a=x%20y%26&c=');
  expect(queryText({ a: undefined })).toBe('');
  expect(errorCode(() => queryText({ a: '\udfff' }))).toBe('argument-invalid');
});
