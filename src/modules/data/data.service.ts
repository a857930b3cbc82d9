// Reads and writes values through the engine; turns the seconds of HTTP into the engine's milliseconds.
import { Inject, Injectable } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import type { DataEngine, PutOutcome, ReadRecord, Version, WriteLevel } from '../../runtime/data-engine';
import { DATA_ENGINE, SETTINGS } from '../../runtime/tokens';
import type { TtlRules } from './ttl';

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

  /** A promise only when a peer must be asked. */
  read(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<ReadRecord | null> {
    return this.engine.get(key, minVersion);
  }

  write(key: Uint8Array, value: Uint8Array, ttlSeconds: number, level: WriteLevel): Promise<PutOutcome> {
    return this.engine.put(key, value, ttlSeconds * 1000, level);
  }

  remainingMs(record: ReadRecord): number {
    return this.engine.remainingMs(record);
  }

  draining(): boolean {
    return this.engine.state() === 'draining';
  }
}
