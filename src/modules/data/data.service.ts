// Reads and writes values through the engine; turns the seconds of HTTP into the engine's milliseconds.
import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { ProblemException } from '../../http/problem';
import type { DataEngine, PutOutcome, ReadRecord, Version, WriteLevel } from '../../runtime/data-engine';
import { DATA_ENGINE, SETTINGS } from '../../runtime/tokens';
import type { TtlRules } from './ttl';

/** As long as a listing waits for a node that fills up. */
const START_WAIT_MS = 2000;
const START_LOOK_MS = 20;

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

  /** A promise only when a peer must be asked, or looked for. @throws ProblemException syncing */
  read(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<ReadRecord | null> {
    const found = this.engine.get(key, minVersion);
    return found === null && this.isStarting() ? this.readWhenStarted(key, minVersion) : found;
  }

  write(key: Uint8Array, value: Uint8Array, ttlSeconds: number, level: WriteLevel): Promise<PutOutcome> {
    return this.engine.put(key, value, ttlSeconds * 1000, level);
  }

  remainingMs(record: ReadRecord): number {
    return this.engine.remainingMs(record);
  }

  /** Nobody has been found yet who may know: "absent" would be a guess. */
  private isStarting(): boolean {
    return this.engine.state() === 'starting';
  }

  private async readWhenStarted(key: Uint8Array, minVersion?: Version): Promise<ReadRecord | null> {
    for (let waitedMs = 0; this.isStarting(); waitedMs += START_LOOK_MS) {
      if (waitedMs >= START_WAIT_MS) {
        const detail = 'This node is still looking for its peers; another port may have the value.';
        throw new ProblemException('syncing', detail, { retryAfterSeconds: 1 });
      }
      await setTimeout(START_LOOK_MS);
    }
    return this.engine.get(key, minVersion);
  }

  draining(): boolean {
    return this.engine.state() === 'draining';
  }
}
