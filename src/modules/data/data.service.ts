// Reads and writes values through the engine. Turns the seconds of HTTP into the engine's
// milliseconds.
import { Inject, Injectable } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { ProblemException } from '../../http/problem';
import type {
  Client,
  DataEngine,
  Described,
  Metadata,
  PutOutcome,
  ReadRecord,
  Unguarded,
  Version,
  WriteGuard,
  WriteLevel,
} from '../../runtime/data-engine';
import { DATA_ENGINE, SETTINGS } from '../../runtime/tokens';
import { formatVersion } from '../../runtime/version-text';
import type { TtlRules } from './ttl';
import { storeAway } from './store-away';
import { conditionHolds, type Unmet, type WriteCondition } from './write-condition';

type Undecided = Extract<Unguarded, { readonly kind: 'undecided' }>;

export type WriteOutcome = PutOutcome | Unmet | Undecided;

@Injectable()
export class DataService {
  readonly ttlRules: TtlRules;
  readonly keyBytesMax: number;
  readonly valueBytesMax: number;

  constructor(
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(SETTINGS) settings: NodeSettings,
  ) {
    this.keyBytesMax = settings.keyBytesMax;
    this.valueBytesMax = settings.valueBytesMax;
    this.ttlRules = {
      minSeconds: settings.ttlMinSeconds,
      maxSeconds: settings.ttlMaxSeconds,
      defaultSeconds: settings.ttlDefaultSeconds,
    };
  }

  noteRead(): void {
    this.engine.noteRead();
  }

  /**
   * A promise only when a peer must be asked, or waited for. @throws ProblemException syncing, busy
   */
  read(
    key: Uint8Array,
    minVersion?: Version,
    client?: Client,
  ): ReadRecord | null | Promise<ReadRecord | null> {
    const found = this.engine.get(key, minVersion, client);
    return found instanceof Promise ? found.then(answered) : found;
  }

  /** The same for a reader that needs no bytes of it; where a peer is asked none of them come. */
  describe(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<ReadRecord | Metadata | null> {
    const found = this.engine.describe(key, minVersion);
    return found instanceof Promise ? found.then(answered) : found;
  }

  /**
   * Judges the condition and writes in one step. Of two such writes at once, the second one sees
   * the first.
   */
  write(
    key: Uint8Array,
    value: Uint8Array,
    ttlSeconds: number,
    level: WriteLevel,
    condition: WriteCondition | null,
  ): Promise<WriteOutcome> {
    const ttlMs = ttlSeconds * 1000;
    return condition === null
      ? this.engine.put(key, value, ttlMs, level)
      : this.writeIf(key, value, ttlMs, level, condition);
  }

  private async writeIf(
    key: Uint8Array,
    value: Uint8Array,
    ttlMs: number,
    level: WriteLevel,
    condition: WriteCondition,
  ): Promise<WriteOutcome> {
    const guard: WriteGuard = (held) => conditionHolds(condition, etagOf(held));
    const outcome = await this.engine.putIf(key, value, ttlMs, level, guard);
    return outcome.kind === 'unmet' ? { kind: 'unmet', etag: etagOf(outcome.held) } : outcome;
  }

  /**
   * Null when the condition holds by what is known now. Judged again, with the write.
   * @throws ProblemException syncing, busy
   */
  async judge(key: Uint8Array, condition: WriteCondition): Promise<Unmet | null> {
    const record = await this.describe(key);
    const etag = etagOf(record?.version ?? null);
    return conditionHolds(condition, etag) ? null : { kind: 'unmet', etag };
  }

  remainingMs(record: Pick<ReadRecord, 'deadlineMs'>): number {
    return this.engine.remainingMs(record);
  }

  draining(): boolean {
    return this.engine.state() === 'draining';
  }
}

function etagOf(version: Version | null): string | null {
  return version === null ? null : `"${formatVersion(version)}"`;
}

/** "Absent" would be a guess where no node knows. */
function answered<T extends Described>(found: T): Exclude<T, string> {
  if (typeof found === 'string') throw unanswered(found);
  return found as Exclude<T, string>;
}

/** What is said where nothing could be found out. */
export function unanswered(because: Undecided['because']): ProblemException {
  switch (because) {
    case 'unknown':
      return new ProblemException(
        'syncing',
        'Nobody who knows this key for certain answered this node in time; another port may have the value.',
        { retryAfterSeconds: 1 },
      );
    case 'busy':
      return new ProblemException('busy', 'Too many reads wait for other nodes already.', {
        retryAfterSeconds: 1,
      });
    case 'contended':
      return new ProblemException(
        'busy',
        'Others write this key all the time, so the condition could not be judged; nothing was stored.',
        { retryAfterSeconds: 1 },
      );
    case 'away':
      return storeAway();
  }
}
