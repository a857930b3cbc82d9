// The ids of those who wrote what is stored, each held once for all its versions: a version names
// its origin by a small number. A number is free again when its last version is gone.
import type { NodeId } from '../base/identity';

export class Origins {
  private readonly numbers = new Map<NodeId, number>();
  private readonly ids: NodeId[] = [];
  private readonly versions: number[] = [];
  private readonly free: number[] = [];

  /** Distinct ids now. */
  get size(): number {
    return this.numbers.size;
  }

  has(id: NodeId): boolean {
    return this.numbers.has(id);
  }

  /** Counts one more version of this origin and returns its number. */
  hold(id: NodeId): number {
    const known = this.numbers.get(id);
    const number = known ?? this.free.pop() ?? this.ids.length;
    if (known === undefined) {
      this.numbers.set(id, number);
      this.ids[number] = id;
      this.versions[number] = 0;
    }
    this.versions[number] += 1;
    return number;
  }

  release(number: number): void {
    this.versions[number] -= 1;
    if (this.versions[number] > 0) return;
    this.numbers.delete(this.ids[number]);
    this.ids[number] = '';
    this.free.push(number);
  }

  idOf(number: number): NodeId {
    return this.ids[number];
  }
}
