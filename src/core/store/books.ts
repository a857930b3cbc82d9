// What the store's versions add up to: bytes charged, and the hash tree. Every version that comes
// or goes is entered here with its record at hand.
import { chargedBytes, STUB_OVERHEAD_BYTES } from './entry';
import { HashTree, hashText, KEY_BASIS_A, KEY_BASIS_B, LEAVES, leafOf } from './hash-tree';
import type { Entry } from './entry';
import type { Table } from './table';

/** Of a key. */
interface TreeHashes {
  readonly treeHashA: number;
  readonly treeHashB: number;
}

export class Books {
  readonly tree = new HashTree();
  /** Bytes charged for all versions; of these, for stubs. */
  used = 0;
  stubBytes = 0;
  valueBytes = 0;
  /** Versions that are known without their bytes, by leaf. */
  private readonly notHeld = new Uint32Array(LEAVES);

  constructor(private readonly table: Table) {}

  /** What the record at hand is charged. */
  charged(): number {
    const { keyLength, valueLength } = this.table.record;
    return chargedBytes(keyLength, valueLength < 0 ? null : valueLength);
  }

  /** Counts the record at hand in, or out. */
  account(sign: 1 | -1): void {
    const { valueLength, isStub, keyLength } = this.table.record;
    this.used += sign * this.charged();
    if (valueLength >= 0) this.valueBytes += sign * valueLength;
    else if (!isStub) this.notHeld[leafOf(this.table.hashRecordForTree().treeHashA)] += sign;
    if (isStub) this.stubBytes += sign * (keyLength + STUB_OVERHEAD_BYTES);
  }

  /** Those in which something is known without its bytes, ascending. */
  leavesNotHeld(): number[] {
    const leaves: number[] = [];
    this.notHeld.forEach((count, leaf) => {
      if (count > 0) leaves.push(leaf);
    });
    return leaves;
  }

  /** Adds the version of the record at hand to the tree, or takes it out. */
  toggle({ treeHashA, treeHashB }: TreeHashes): void {
    const { hlc } = this.table.record;
    this.tree.toggle({ keyHashA: treeHashA, keyHashB: treeHashB, hlc, origin: this.table.origin });
  }

  /** Says what disagrees with the sum over `entries`. */
  audit(entries: Iterable<Entry>): string[] {
    const tree = new HashTree();
    const notHeld = new Set<number>();
    let used = 0;
    let valueBytes = 0;
    for (const { key, value, hlc, origin, holding } of entries) {
      if (holding === 'not-held') notHeld.add(leafOf(hashText(key, KEY_BASIS_A)));
      tree.toggle({
        keyHashA: hashText(key, KEY_BASIS_A),
        keyHashB: hashText(key, KEY_BASIS_B),
        hlc,
        origin,
      });
      used += chargedBytes(key.length, value?.byteLength ?? null);
      valueBytes += value?.byteLength ?? 0;
    }
    const problems: string[] = [];
    if (used !== this.used) problems.push(`usedBytes is ${this.used}, recomputed ${used}`);
    if (valueBytes !== this.valueBytes)
      problems.push(`valueBytes is ${this.valueBytes}, recomputed ${valueBytes}`);
    const leaves = this.leavesNotHeld();
    if (leaves.length !== notHeld.size || leaves.some((leaf) => !notHeld.has(leaf)))
      problems.push('the leaves of what is not held are others');
    if (!tree.rootEquals(this.tree.root()))
      problems.push('the hash tree does not hold exactly the stored versions');
    return problems;
  }
}
