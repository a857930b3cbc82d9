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
import { compareVersions, formatVersion } from '../../runtime/version-text';
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

  write(key: Uint8Array, value: Uint8Array, ttlSeconds: number, level: WriteLevel): Promise<PutOutcome> {
    return this.engine.put(key, value, ttlSeconds * 1000, level);
  }

  /**
   * Null when the condition holds for the newer one of what was found before, where peers may have
   * been asked, and of what this node holds now. Who writes within the same step is seen by the
   * next one that judges.
   */
  judge(key: Uint8Array, condition: WriteCondition, found: ReadRecord | null): Unmet | null {
    const newest = this.newerOf(found, this.engine.peek(key));
    const etag = newest === null ? null : `"${formatVersion(newest.version)}"`;
    return conditionHolds(condition, etag) ? null : { kind: 'unmet', etag };
  }

  private newerOf(found: ReadRecord | null, held: ReadRecord | null): ReadRecord | null {
    if (found === null || this.remainingMs(found) === 0) return held;
    return held !== null && compareVersions(held.version, found.version) > 0 ? held : found;
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
