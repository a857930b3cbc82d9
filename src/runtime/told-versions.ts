// Versions that readers here were told of and that this node does not hold: a HEAD moves no bytes.
// What is read later at this node must not be older, so it is asked for.
import { compareVersions, type Version } from '../core/base/version';

/** Keys; each may be up to 4 KB long. */
const TOLD_MAX = 1024;

interface Told {
  readonly version: Version;
  readonly deadlineMs: number;
}

export class ToldVersions {
  private readonly byKey = new Map<string, Told>();

  constructor(private readonly max = TOLD_MAX) {}

  /** No more can be kept: who asks gets the value whole, so that this node holds it. */
  isFull(nowMs: number): boolean {
    if (this.byKey.size < this.max) return false;
    for (const [key, { deadlineMs }] of this.byKey) if (nowMs >= deadlineMs) this.byKey.delete(key);
    return this.byKey.size >= this.max;
  }

  tell(key: Uint8Array, { version, deadlineMs }: Told, nowMs: number): void {
    const name = nameOf(key);
    const known = this.byKey.get(name);
    if (known !== undefined && compareVersions(known.version, version) >= 0) return;
    if (known === undefined && this.isFull(nowMs)) return;
    this.byKey.set(name, { version, deadlineMs });
  }

  /** The least version that may be read now, where `held` is held; null = any. */
  leastOf(key: Uint8Array, held: Version | null, nowMs: number): Version | null {
    if (this.byKey.size === 0) return null;
    const name = nameOf(key);
    const told = this.byKey.get(name);
    if (told === undefined) return null;
    const isOver = nowMs >= told.deadlineMs;
    if (!isOver && (held === null || compareVersions(held, told.version) < 0)) return told.version;
    this.byKey.delete(name);
    return null;
  }

  /** Nobody has it any more. */
  forget(key: Uint8Array): void {
    this.byKey.delete(nameOf(key));
  }
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
