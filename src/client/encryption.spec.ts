import { webcrypto } from 'node:crypto';
import { Encryption } from './encryption';
import { errorCode } from '../../test/support/basics/error-code';

const key = Encryption.generateKey();
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (of: string): Uint8Array => new TextEncoder().encode(of);
const refused = expect.objectContaining({ code: 'decryption-failed' }) as unknown;

it('gives back what it sealed, and seals it differently each time', async () => {
  const encryption = new Encryption(key);
  const [one, other] = [
    await encryption.seal('k', bytes('secret')),
    await encryption.seal('k', bytes('secret')),
  ];
  expect(one).not.toEqual(other);
  expect(one.byteLength).toBe(6 + 29);
  expect(one[0]).toBe(1);
  expect(text(await encryption.open('k', one))).toBe('secret');
  expect((await encryption.open('e', await encryption.seal('e', new Uint8Array()))).byteLength).toBe(0);
});

it('keeps to the format that is documented, so that others can read it', async () => {
  const sealed = await new Encryption(key).seal('nä/me', bytes('secret'));
  const imported = await webcrypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  const additionalData = Buffer.concat([Buffer.from('repram/1\0'), Buffer.from('nä/me', 'utf8')]);
  const how = { name: 'AES-GCM', iv: sealed.subarray(1, 13), additionalData };
  const opened = await webcrypto.subtle.decrypt(how, imported, sealed.subarray(13));
  expect(Buffer.from(opened).toString()).toBe('secret');
});

it('takes a key as bytes, as base64url and as a CryptoKey', async () => {
  const sealed = await new Encryption(key).seal('k', bytes('secret'));
  const imported = await webcrypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
  for (const given of [Buffer.from(key).toString('base64url'), imported])
    expect(text(await new Encryption(given).open('k', sealed))).toBe('secret');
});

it('refuses what was altered, has another name or another key, or was never sealed', async () => {
  const encryption = new Encryption(key);
  const sealed = await encryption.seal('k', bytes('secret'));
  for (let at = 0; at < sealed.byteLength; at += 1) {
    const altered = sealed.slice();
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(encryption.open('k', altered)).rejects.toEqual(refused);
  }
  await expect(encryption.open('other', sealed)).rejects.toEqual(refused);
  await expect(new Encryption(Encryption.generateKey()).open('k', sealed)).rejects.toEqual(refused);
  for (const never of [
    new Uint8Array(),
    new Uint8Array([1]),
    bytes('plain text that is long enough for it all'),
  ])
    await expect(encryption.open('k', never)).rejects.toEqual(refused);
});

it.each([['short'], ['not base64url!'], [new Uint8Array(31)]])('refuses the key %j', (given) =>
  expect(errorCode(() => new Encryption(given))).toBe('argument-invalid'),
);
