import { seal, unseal } from './secret';

const NAME = 'fade-private/abc';

it('opens with its key under its name, and with no other', async () => {
  const { bytes, secret } = await seal('for you \u{1f4be}', NAME);
  const other = await seal('for you', NAME);
  expect(await unseal(bytes, secret, NAME)).toBe('for you \u{1f4be}');
  expect(await unseal(bytes, other.secret, NAME)).toBeNull();
  expect(await unseal(bytes, secret, 'fade-private/abd')).toBeNull();
  expect(secret).toMatch(/^[\w-]{43}$/);
});

it.each([0, 1, 12, 13, 20, 100])('is refused when byte %d was changed', async (at) => {
  const { bytes, secret } = await seal('for you', NAME);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  expect(await unseal(bytes, secret, NAME)).toBeNull();
});

it('tells its length in steps of 256 bytes only', async () => {
  const sizes = await Promise.all(['', 'x'.repeat(200), 'x'.repeat(300)].map((text) => seal(text, NAME)));
  expect(sizes.map(({ bytes }) => bytes.length)).toEqual([285, 285, 541]);
});

it('is never the same twice', async () => {
  const [one, other] = await Promise.all([seal('same', NAME), seal('same', NAME)]);
  expect(Buffer.from(one.bytes).equals(other.bytes)).toBe(false);
});

it.each([
  [new Uint8Array(0)],
  [new Uint8Array(5)],
  [new TextEncoder().encode('\u0001 not sealed at all, but long enough')],
])('bytes that are no private message open to nothing', async (bytes) => {
  expect(await unseal(bytes, 'A'.repeat(43), NAME)).toBeNull();
});
