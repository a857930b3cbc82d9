// Versions: their order, and those that this client wrote itself. A read names them, so that it
// never sees less than what was written before, whichever node answers.

const OWN_WRITES_MAX = 1000;
const FORM = /^([0-9a-f]{1,14})-([0-9a-f]{16})$/;

export function isVersion(text: string | null): text is string {
  return text !== null && FORM.test(text);
}

/** Negative when `a` is older than `b`. Both have the form of a version. */
export function compareVersions(a: string, b: string): number {
  const [stampA = '', originA = ''] = a.split('-');
  const [stampB = '', originB = ''] = b.split('-');
  const byStamp = Number.parseInt(stampA, 16) - Number.parseInt(stampB, 16);
  if (byStamp !== 0) return byStamp;
  return originA === originB ? 0 : originA < originB ? -1 : 1;
}

export function newerOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareVersions(a, b) < 0 ? b : a;
}

interface OwnWrite {
  readonly version: string;
  readonly endsMs: number;
}

/** The last keys that were written, each as long as its value lives. */
export class OwnWrites {
  private readonly byKey = new Map<string, OwnWrite>();

  /** @param now milliseconds of a clock that only goes forward */
  constructor(private readonly now: () => number) {}

  note(key: string, version: string, ttlSeconds: number): void {
    const known = this.versionOf(key);
    if (known !== null && compareVersions(known, version) > 0) return;
    this.byKey.delete(key);
    this.byKey.set(key, { version, endsMs: this.now() + ttlSeconds * 1000 });
    if (this.byKey.size <= OWN_WRITES_MAX) return;
    const oldest = this.byKey.keys().next();
    if (oldest.done !== true) this.byKey.delete(oldest.value);
  }

  versionOf(key: string): string | null {
    const own = this.byKey.get(key);
    if (own === undefined) return null;
    if (own.endsMs > this.now()) return own.version;
    this.byKey.delete(key);
    return null;
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }

  get size(): number {
    return this.byKey.size;
  }
}
