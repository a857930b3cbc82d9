// Ways through all that is known. They stay right while the store changes: what is there throughout
// is met once.
import type { KeyBounds } from '../base/key-bounds';
import { Copies } from './copies';
import type { Entry, Known, Listed } from './entry';
import { leafOf } from './hash-tree';
import { NONE, type Table } from './table';

export class Walks {
  private readonly copies = new Copies();

  constructor(private readonly table: Table) {}

  *entries(): IterableIterator<Entry> {
    for (const row of this.rows()) yield this.table.entry(row, this.table.keyText, this.copies);
  }

  *entriesOf(wanted: Uint8Array): IterableIterator<Entry | undefined> {
    for (const row of this.rows()) {
      const isWanted = wanted[leafOf(this.table.hashRecordForTree().treeHashA)] === 1;
      yield isWanted ? this.table.entry(row, this.table.keyText, this.copies) : undefined;
    }
  }

  *knownOf(
    prefix: string,
    valueBytesMax: number,
    isAsked: (known: Known) => boolean,
  ): IterableIterator<Listed | undefined> {
    const { table } = this;
    for (const row of this.rows()) {
      const known = table.keyStartsWith(prefix) ? table.known(row) : undefined;
      if (known === undefined || !isAsked(known)) yield undefined;
      else {
        const { keyText: key, valueBytes } = table;
        const value = valueBytes <= valueBytesMax ? table.entry(row, key, this.copies).value : null;
        yield { known, key, valueBytes, value };
      }
    }
  }

  /** Keys of what is readable, in insertion order; undefined in the place of all else. */
  *keysWithin(monoMs: number, bounds: KeyBounds): IterableIterator<string | undefined> {
    const { table } = this;
    const walk = table.live.walk();
    try {
      for (let row = walk.next(); row !== NONE; row = walk.next()) {
        const isLive = monoMs < table.expiresAtMs(row);
        if (isLive) table.look(row);
        yield isLive && table.keyIsWithin(bounds) ? table.keyText : undefined;
      }
    } finally {
      walk.close();
    }
  }

  *liveKeys(monoMs: number, prefix: string): IterableIterator<string> {
    const { table } = this;
    const walk = table.live.walk();
    try {
      for (let row = walk.next(); row !== NONE; row = walk.next()) {
        if (monoMs >= table.expiresAtMs(row)) continue;
        table.look(row);
        if (table.keyStartsWith(prefix)) yield table.keyText;
      }
    } finally {
      walk.close();
    }
  }

  /** Each with its record at hand. */
  private *rows(): IterableIterator<number> {
    for (const order of [this.table.live, this.table.stubs]) {
      const walk = order.walk();
      try {
        for (let row = walk.next(); row !== NONE; row = walk.next()) {
          this.table.look(row);
          yield row;
        }
      } finally {
        walk.close();
      }
    }
  }
}
