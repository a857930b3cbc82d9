// Streams that ask for the same. What they are told is made once for all of them.
import type { DataEngine, EngineChange } from '../../runtime/data-engine';
import type { EventStream } from './event-stream';
import { changeText, idLine } from './event-text';
import type { EventType } from './events.query';

export interface Filter {
  readonly prefix: string;
  readonly types: readonly EventType[];
  readonly withValues: boolean;
}

export class Channel {
  readonly streams = new Set<EventStream>();
  private readonly kinds: ReadonlySet<EngineChange['kind']>;

  constructor(
    readonly filter: Filter,
    private readonly engine: Pick<DataEngine, 'remainingMs'>,
  ) {
    this.kinds = new Set((['put', 'expire'] as const).filter((kind) => filter.types.includes(kind)));
  }

  /** Equal for filters that ask for the same. */
  static nameOf({ prefix, types, withValues }: Filter): string {
    return JSON.stringify([prefix, [...types].sort(), withValues]);
  }

  /** Whether it tells of values at all. */
  get tellsChanges(): boolean {
    return this.kinds.size > 0;
  }

  /** Returns how many events it told, each counted for each stream. */
  tell(changes: readonly EngineChange[], position: () => string | null): number {
    const texts = this.textsOf(changes);
    const last = texts.pop();
    if (last === undefined) return 0;
    const before = texts.join('');
    const plain = Buffer.from(before + last);
    const positioned = lazily(() => Buffer.from(before + idLine(position()) + last));
    let told = 0;
    for (const stream of [...this.streams]) {
      if (stream.standing === 'waiting') continue;
      stream.send(stream.standing === 'current' ? positioned() : plain);
      told += texts.length + 1;
    }
    return told;
  }

  /** What it would tell of these changes, one text for each. */
  textsOf(changes: readonly EngineChange[]): string[] {
    const { prefix, withValues } = this.filter;
    const texts: string[] = [];
    for (const change of changes)
      if (this.kinds.has(change.kind) && change.key.startsWith(prefix))
        texts.push(changeText(change, withValues, (put) => this.engine.remainingMs(put)));
    return texts;
  }
}

function lazily<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}
