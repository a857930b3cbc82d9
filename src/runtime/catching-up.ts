// Tells readers of changes what they missed. Each walk goes through all that is known, a little at
// a time. Readers that come from the same place share one: a node that dies sends all of its
// readers elsewhere at once.
import { setTimeout } from 'node:timers/promises';
import type { Resumable } from '../core/changes/changes';
import { readPosition, type Position } from '../core/changes/position';
import type { Now } from '../core/base/now';
import type { CoreNode } from '../core/node/core-node';
import type { Listed } from '../core/store/entry';
import { type ChangeFeed, keyByteString, keyText } from './change-feed';
import type { CatchUp, CaughtUp, EngineChange } from './data-engine';
import { WalkPlaces } from './walk-places';
import { withResolvers } from './with-resolvers';

/** Of one walk before others have their turn. */
const STEP_MS = 1;
/** Versions looked at between two looks at the clock. */
const STEP_LOOKS = 256;
/** Of values that one step holds until its readers have taken them. */
const STEP_VALUE_BYTES = 256 * 1024;
const LOOK_EVERY_MS = 50;
/** For what a reader was told elsewhere and what is on its way here. */
const BEHIND_MS = 5000;
/** A node that begins fills up first. Gateways wait longer than this. */
const SYNCING_MS = 20_000;

export interface CatchingUpParts {
  readonly core: () => CoreNode | null;
  readonly now: () => Now;
  readonly feed: ChangeFeed;
}

interface Reader {
  readonly asked: CatchUp;
  readonly gone: AbortSignal;
}

/** Readers that miss the same. The first of them has a place for all. */
interface Walk {
  readonly position: Position | null;
  readonly readers: Reader[];
  readonly outcome: Promise<CaughtUp>;
  readonly settle: (outcome: CaughtUp | Promise<CaughtUp>) => void;
}

export class CatchingUp {
  private readonly waiting = new Map<string, Walk>();
  private readonly places = new WalkPlaces();

  constructor(private readonly parts: CatchingUpParts) {}

  async catchUp(asked: CatchUp, gone: AbortSignal): Promise<CaughtUp> {
    const position = asked.since === null ? null : readPosition(Buffer.from(asked.since, 'base64url'));
    if (asked.since !== null && position === null) return begun([{ asked, gone }], 'position-unknown');
    const standing = await this.standing(position, gone);
    if (standing === 'gone' || standing === 'syncing') return standing;
    if (standing !== 'ready') return begun([{ asked, gone }], standing);
    const outcome = await this.join({ asked, gone }, position);
    return gone.aborted ? 'gone' : outcome;
  }

  /** Waits for what is on its way here. */
  private async standing(position: Position | null, gone: AbortSignal): Promise<'ready' | CaughtUp> {
    const waitMs = (): number => (this.isFilled ? BEHIND_MS : SYNCING_MS);
    for (let waitedMs = 0; !gone.aborted; waitedMs += LOOK_EVERY_MS) {
      const standing = this.look(position);
      if (standing !== 'behind') return standing === 'ready' ? standing : resyncOf(standing);
      if (waitedMs >= waitMs()) return this.isFilled ? 'position-ahead' : 'syncing';
      await setTimeout(LOOK_EVERY_MS);
    }
    return 'gone';
  }

  /** It tells all, as a list does: what it does not tell of is absent. */
  private get isFilled(): boolean {
    return this.parts.core()?.isFilled(this.parts.now()) ?? false;
  }

  private look(position: Position | null): Resumable {
    const changes = this.parts.core()?.changes;
    const standing = position === null ? 'ready' : changes?.resumable(position, this.parts.now());
    return standing === 'ready' && !this.isFilled ? 'behind' : (standing ?? 'behind');
  }

  private join(reader: Reader, position: Position | null): Promise<CaughtUp> {
    const { since, prefix, valueBytesMax } = reader.asked;
    const place = JSON.stringify([since, prefix, valueBytesMax]);
    const known = this.waiting.get(place);
    if (known !== undefined) {
      known.readers.push(reader);
      return known.outcome;
    }
    const { promise: outcome, resolve: settle } = withResolvers<CaughtUp>();
    this.waiting.set(place, { position, readers: [reader], outcome, settle });
    this.next();
    return outcome;
  }

  private next(): void {
    for (const [place, walk] of this.waiting) {
      const { client } = walk.readers[0].asked;
      if (!this.places.take(client)) continue;
      this.waiting.delete(place);
      const outcome = this.walk(walk).finally(() => {
        this.places.give(client);
        this.next();
      });
      walk.settle(outcome);
    }
  }

  private async walk({ position, readers }: Walk): Promise<CaughtUp> {
    const { feed, now } = this.parts;
    feed.flush();
    const core = this.parts.core();
    const standing = this.look(position);
    if (core === null || standing !== 'ready')
      return begun(
        readers,
        standing === 'ready' || standing === 'behind' ? 'position-ahead' : resyncOf(standing),
      );
    for (const { asked } of readers) asked.began();
    const { prefix, valueBytesMax } = readers[0].asked;
    const found = core.changes.since(position, keyByteString(prefix), valueBytesMax, now());
    try {
      for (let isOver = false; !isOver;) {
        const { changes, isDone } = this.step(found);
        const present = readers.filter(({ gone }) => !gone.aborted);
        if (present.length === 0) break;
        await Promise.all(present.map(({ asked }) => asked.take(changes)));
        await new Promise((resolve) => setImmediate(resolve));
        // What is queued is older than what the next step will find.
        feed.flush();
        isOver = isDone;
      }
    } finally {
      found.return?.();
    }
    return 'caught-up';
  }

  private step(found: Iterator<Listed | undefined>): { changes: EngineChange[]; isDone: boolean } {
    const changes: EngineChange[] = [];
    const { monoMs } = this.parts.now();
    const untilMs = monoMs + STEP_MS;
    let valueBytes = 0;
    do {
      for (let looks = 0; looks < STEP_LOOKS && valueBytes < STEP_VALUE_BYTES; looks += 1) {
        const next = found.next();
        if (next.done === true) return { changes, isDone: true };
        if (next.value === undefined) continue;
        changes.push(changeOf(next.value, monoMs));
        valueBytes += next.value.value?.byteLength ?? 0;
      }
    } while (valueBytes < STEP_VALUE_BYTES && this.parts.now().monoMs < untilMs);
    return { changes, isDone: false };
  }
}

/** Of readers that cannot be told what they missed: they hear what comes. */
function begun(readers: readonly Reader[], outcome: CaughtUp): CaughtUp {
  for (const { asked, gone } of readers) if (!gone.aborted) asked.began();
  return outcome;
}

function resyncOf(standing: Exclude<Resumable, 'ready' | 'behind'>): CaughtUp {
  switch (standing) {
    case 'too-old':
      return 'position-too-old';
    case 'lacking':
      return 'storage-full';
    case 'astray':
      return 'clock-corrected';
  }
}

function changeOf({ key, known, valueBytes, value }: Listed, nowMs: number): EngineChange {
  const { hlc, origin, ttlMs, expiresAtMs: deadlineMs, holding } = known;
  const version = { hlc, origin };
  if (holding === 'stub' || deadlineMs <= nowMs) return { kind: 'expire', key: keyText(key), version };
  return {
    kind: 'put',
    key: keyText(key),
    version,
    ttlMs,
    deadlineMs,
    valueBytes: holding === 'value' ? valueBytes : null,
    value,
  };
}
