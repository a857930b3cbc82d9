// Reads, as the engine's callers make them: answered by the core where it may answer alone, by
// peers where it may not. Metadata is looked for like the value; only what a peer then sends is
// less.
import type { SystemClock } from '../adapters/system-clock';
import type { FetchOutcome } from '../core/base/effects';
import type { Input } from '../core/base/inputs';
import { compareVersions, nextVersion } from '../core/base/version';
import type { CoreNode } from '../core/node/core-node';
import type { Described, Fetched, Metadata, ReadRecord, Version } from './data-engine';
import type { EffectRunner } from './effect-runner';
import { described, whole, type Question } from './fetched';
import { ToldVersions } from './told-versions';

export interface CoreReadsParts {
  /** Null until the port is claimed. */
  readonly core: () => CoreNode | null;
  readonly effects: EffectRunner;
  readonly clock: SystemClock;
}

export class CoreReads {
  constructor(
    private readonly parts: CoreReadsParts,
    private readonly submit: (input: Input) => void,
    private readonly told = new ToldVersions(),
  ) {}

  get(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Fetched> {
    const found = this.look(key, minVersion ?? null, false);
    return found instanceof Promise ? found.then(whole) : found;
  }

  describe(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Described> {
    return this.look(key, minVersion ?? null, true);
  }

  peek(key: Uint8Array): ReadRecord | null {
    return this.parts.core()?.read(key, this.parts.clock.now()) ?? null;
  }

  private look(
    key: Uint8Array,
    minVersion: Version | null,
    isMetadataOnly: boolean,
  ): ReadRecord | null | Promise<Described> {
    const core = this.parts.core();
    if (core === null) return this.fetch({ key, minVersion, isMetadataOnly });
    const now = this.parts.clock.now();
    const record = core.read(key, now);
    const told = this.told.leastOf(key, record?.version ?? null, now.monoMs);
    if (told !== null && (minVersion === null || compareVersions(minVersion, told) <= 0))
      return this.findTold({ key, minVersion: told, isMetadataOnly }, minVersion);
    if (minVersion !== null) {
      const isNewEnough = record !== null && compareVersions(record.version, minVersion) >= 0;
      return isNewEnough ? record : this.fetch({ key, minVersion, isMetadataOnly });
    }
    if (record === null)
      return core.mustAsk(key, now) ? this.fetch({ key, minVersion, isMetadataOnly }) : null;
    return core.isOutdated(now) ? this.confirm(key, record, isMetadataOnly) : record;
  }

  /**
   * What readers here were told of before. Where it is lost everywhere, what is left if that is
   * enough.
   */
  private async findTold(question: Question, asked: Version | null): Promise<Described> {
    const found = await this.fetch(question);
    if (found !== null) return found;
    this.told.forget(question.key);
    const record = this.peek(question.key);
    const isEnough = record !== null && (asked === null || compareVersions(record.version, asked) >= 0);
    return isEnough ? record : null;
  }

  /** What is newer than this record if a peer has it, else this one. */
  private async confirm(
    key: Uint8Array,
    { version }: ReadRecord,
    isMetadataOnly: boolean,
  ): Promise<Described> {
    const minVersion = nextVersion(version);
    const newer = await this.fetch({ key, minVersion, isMetadataOnly, isConfirmation: true });
    return typeof newer === 'string' || newer === null ? (this.peek(key) ?? newer) : newer;
  }

  private async fetch({ isMetadataOnly, ...aim }: Question): Promise<Described> {
    const isLess = isMetadataOnly === true && !this.told.isFull(this.parts.clock.now().monoMs);
    const found = described(
      await new Promise<FetchOutcome>((resolve) => {
        const requestId = this.parts.effects.awaitFetch(resolve);
        this.submit({ kind: 'fetch', requestId, isMetadataOnly: isLess, ...aim });
      }),
    );
    if (found !== null && typeof found !== 'string') this.remember(aim.key, found);
    return found;
  }

  /** Unless it is held here, or something newer is. */
  private remember(key: Uint8Array, found: Pick<Metadata, 'version' | 'deadlineMs'>): void {
    const held = this.peek(key);
    if (held !== null && compareVersions(held.version, found.version) >= 0) return;
    this.told.tell(key, found, this.parts.clock.now().monoMs);
  }
}
