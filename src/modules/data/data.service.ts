// Reads and writes values through the engine. Turns the seconds of HTTP into the engine's
// milliseconds.
import { Inject, Injectable } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { ProblemException } from '../../http/problem';
import type {
  DataEngine,
  Described,
  Metadata,
  PutOutcome,
  ReadRecord,
  Version,
  WriteLevel,
} from '../../runtime/data-engine';
import { DATA_ENGINE, SETTINGS } from '../../runtime/tokens';
import { formatVersion } from '../../runtime/version-text';
import type { TtlRules } from './ttl';
import { conditionHolds, type Unmet, type WriteCondition } from './write-condition';

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

  /**
   * A promise only when a peer must be asked, or waited for. @throws ProblemException syncing, busy
   */
  read(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<ReadRecord | null> {
    const found = this.engine.get(key, minVersion);
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
  ): Promise<PutOutcome | Unmet> {
    const unmet = condition === null ? null : this.judge(key, condition);
    return unmet === null ? this.engine.put(key, value, ttlSeconds * 1000, level) : Promise.resolve(unmet);
  }

  /**
   * Waits for what peers know of the key, where this node is behind them. @throws ProblemException
   * syncing
   */
  async settle(key: Uint8Array): Promise<void> {
    await this.read(key);
  }

  /** Null when the condition holds by what this node knows now. */
  judge(key: Uint8Array, condition: WriteCondition): Unmet | null {
    const record = this.read(key);
    if (record instanceof Promise) {
      record.catch(() => undefined);
      return { kind: 'undecided' };
    }
    const etag = record === null ? null : `"${formatVersion(record.version)}"`;
    return conditionHolds(condition, etag) ? null : { kind: 'unmet', etag };
  }

  remainingMs(record: Pick<ReadRecord, 'deadlineMs'>): number {
    return this.engine.remainingMs(record);
  }

  draining(): boolean {
    return this.engine.state() === 'draining';
  }
}

/** "Absent" would be a guess where no node knows. */
function answered<T extends Described>(found: T): Exclude<T, string> {
  if (found === 'unknown') {
    throw new ProblemException(
      'syncing',
      'Nobody who knows this key for certain answered this node in time; another port may have the value.',
      { retryAfterSeconds: 1 },
    );
  }
  if (found === 'busy') {
    throw new ProblemException('busy', 'Too many reads wait for other nodes already.', {
      retryAfterSeconds: 1,
    });
  }
  return found as Exclude<T, string>;
}
