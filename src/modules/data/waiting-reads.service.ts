// Reads that wait for a key (GET /data/{key}?wait=SECONDS). They hear of changes, and nothing
// polls. One that lasts longer than it may, and one whose client hung up, ends.
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import type { OpenAnswer } from '../../http/exchange';
import { hangUp } from '../../http/hang-up';
import { placesFor } from '../../http/limits/places';
import { ProblemException } from '../../http/problem';
import type { DataEngine, Metadata, ReadRecord, Version } from '../../runtime/data-engine';
import { DATA_ENGINE, SETTINGS } from '../../runtime/tokens';
import { withResolvers } from '../../runtime/with-resolvers';
import { DataService } from './data.service';

type Woken = 'changed' | 'over' | 'leaving';

interface Listening {
  readonly woken: Promise<Woken>;
  readonly stop: () => void;
}

export interface WaitingRead {
  readonly key: Uint8Array;
  readonly minVersion: Version | undefined;
  readonly waitMs: number;
  readonly isDescribed: boolean;
  /** To whom. */
  readonly response: OpenAnswer;
}

@Injectable()
export class WaitingReadsService implements OnModuleDestroy {
  private readonly byKey = new Map<string, Set<(why: Woken) => void>>();
  private waiting = 0;
  private isClosing = false;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly data: DataService,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(SETTINGS) private readonly settings: NodeSettings,
  ) {}

  /**
   * What is readable as soon as something is, null when the time is over or the client has gone.
   * @throws ProblemException syncing, busy, draining
   */
  async read(asked: WaitingRead): Promise<ReadRecord | Metadata | null> {
    if (this.waiting >= placesFor(asked.response, this.settings.streamsMax)) {
      const detail = `${this.waiting} readers wait for a key here already.`;
      throw new ProblemException('busy', detail, { retryAfterSeconds: 1 });
    }
    this.waiting += 1;
    const untilMs = performance.now() + asked.waitMs;
    const gone = hangUp(asked.response);
    let listening = this.listen(asked.key, gone, untilMs);
    try {
      for (;;) {
        const found = await this.look(asked);
        if (found !== null) return found;
        const why = await listening.woken;
        if (why === 'leaving') throw leaving();
        if (gone.aborted) return null;
        if (why === 'over') return await this.lastLook(asked);
        listening = this.listen(asked.key, gone, untilMs);
      }
    } finally {
      listening.stop();
      this.waiting -= 1;
      if (this.waiting === 0) this.unfollow();
    }
  }

  /** Reads that wait now. */
  get count(): number {
    return this.waiting;
  }

  onModuleDestroy(): void {
    this.isClosing = true;
    for (const readers of [...this.byKey.values()]) for (const wake of [...readers]) wake('leaving');
  }

  /** Where nobody knows yet it goes on waiting. */
  private async look(asked: WaitingRead): Promise<ReadRecord | Metadata | null> {
    try {
      return await this.lastLook(asked);
    } catch (error) {
      if (error instanceof ProblemException && (error.code === 'syncing' || error.code === 'store-away'))
        return null;
      throw error;
    }
  }

  private async lastLook({
    key,
    minVersion,
    isDescribed,
  }: WaitingRead): Promise<ReadRecord | Metadata | null> {
    return isDescribed ? this.data.describe(key, minVersion) : this.data.read(key, minVersion);
  }

  /** From now on. */
  private listen(key: Uint8Array, gone: AbortSignal, untilMs: number): Listening {
    const name = textOf(key);
    const { promise: woken, resolve } = withResolvers<Woken>();
    const readers = this.readersOf(name);
    const stop = (): void => {
      clearTimeout(timer);
      gone.removeEventListener('abort', end);
      readers.delete(wake);
      if (readers.size === 0 && this.byKey.get(name) === readers) this.byKey.delete(name);
    };
    const wake = (why: Woken): void => {
      stop();
      resolve(why);
    };
    const end = (): void => wake('over');
    const timer = setTimeout(end, Math.max(0, untilMs - performance.now()));
    readers.add(wake);
    if (this.isClosing) wake('leaving');
    else if (gone.aborted) end();
    else gone.addEventListener('abort', end, { once: true });
    return { woken, stop };
  }

  private readersOf(name: string): Set<(why: Woken) => void> {
    this.unsubscribe ??= this.engine.subscribe((changes) => {
      for (const change of changes)
        if (change.kind === 'put')
          for (const wake of [...(this.byKey.get(change.key) ?? [])]) wake('changed');
    });
    const readers = this.byKey.get(name) ?? new Set();
    this.byKey.set(name, readers);
    return readers;
  }

  private unfollow(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
  }
}

function leaving(): ProblemException {
  return new ProblemException('draining', 'This node is leaving; ask another port.', {
    retryAfterSeconds: 1,
  });
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key).toString('utf8');
}
