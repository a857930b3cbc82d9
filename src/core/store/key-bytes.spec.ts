import { fromByteString } from './key';
import { KeyBytes } from './key-bytes';

function isAtHand(keys: KeyBytes, key: string): boolean {
  return keys.equals(fromByteString(key), 0, key.length);
}

describe('the key at hand', () => {
  it('is the one that was loaded last, with its own hash, however often the same one is loaded', () => {
    const keys = new KeyBytes(1, 2);
    const hashes = ['a', 'a', 'b', 'a'].map((key) => {
      keys.load(key);
      expect(isAtHand(keys, key)).toBe(true);
      return keys.hash;
    });
    const [a, again, b, after] = hashes;
    expect([again, after]).toEqual([a, a]);
    expect(b).not.toBe(a);
  });

  it('is loaded again after another was copied over it', () => {
    const keys = new KeyBytes(1, 2);
    keys.load('key');
    keys.copyFrom(fromByteString('other'), 0, 5);
    expect(isAtHand(keys, 'other')).toBe(true);
    keys.load('key');
    expect(isAtHand(keys, 'key')).toBe(true);
  });
});
