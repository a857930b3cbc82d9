import { keyPath, keyText, queryText } from './keys';
import { errorCode } from '../../test/support/basics/error-code';

it('names any key in a path', () => {
  expect(keyPath(keyText('a/../ü ?%#'))).toBe('data/a%2F..%2F%C3%BC%20%3F%25%23');
  expect(keyText(new TextEncoder().encode('\ufeffü'))).toBe('\ufeffü');
});

it.each([...['', '.', '..', '\ud800'], new Uint8Array([0xff])])('refuses the key %j', (key) =>
  expect(errorCode(() => keyPath(keyText(key)))).toBe('argument-invalid'),
);

it('writes parameters that are given', () => {
  expect(queryText({ a: 'x y&', b: undefined, c: '' })).toBe('?a=x%20y%26&c=');
  expect(queryText({ a: undefined })).toBe('');
  expect(errorCode(() => queryText({ a: '\udfff' }))).toBe('argument-invalid');
});
