import fc from 'fast-check';
import { ORIGIN_A } from '../../../test/support/core/records';
import { formatRoot, hashText, HashTree, KEY_BASIS_A, KEY_BASIS_B, LEAVES } from './hash-tree';

function version(key: string, hlc: number): Parameters<HashTree['toggle']>[0] {
  return {
    keyHashA: hashText(key, KEY_BASIS_A),
    keyHashB: hashText(key, KEY_BASIS_B),
    hlc,
    origin: ORIGIN_A,
  };
}

describe('the hash tree', () => {
  it('has equal roots exactly for equal sets of versions, in any order of arrival', () => {
    const sets = fc.uniqueArray(fc.tuple(fc.string(), fc.nat(1000)), { selector: (each) => each.join() });
    fc.assert(
      fc.property(sets, (items) => {
        const one = new HashTree();
        const other = new HashTree();
        for (const [key, hlc] of items) one.toggle(version(key, hlc));
        for (const [key, hlc] of [...items].reverse()) other.toggle(version(key, hlc));
        expect(one.rootEquals(other.root())).toBe(true);
        other.toggle(version('one more', 5));
        expect(one.rootEquals(other.root())).toBe(false);
        expect(one.differing(other.leaves())).toHaveLength(1);
      }),
    );
  });

  it('returns to the empty root when all versions are removed', () => {
    const tree = new HashTree();
    tree.toggle(version('a', 1));
    tree.toggle(version('b', 2));
    tree.toggle(version('a', 1));
    tree.toggle(version('b', 2));
    expect(formatRoot(tree.root())).toBe('0'.repeat(16));
  });

  it('tells stamps apart that differ only above 32 bits', () => {
    const one = new HashTree();
    const other = new HashTree();
    one.toggle(version('a', 7));
    other.toggle(version('a', 7 + 2 ** 40));
    expect(one.rootEquals(other.root())).toBe(false);
  });

  it('spreads sequential keys over its leaves', () => {
    const tree = new HashTree();
    for (let i = 0; i < 10_000; i += 1) tree.toggle(version(`user/${i}`, 1));
    expect(tree.differing(new HashTree().leaves()).length).toBeGreaterThan(LEAVES * 0.85);
  });
});
