// Tells readers what they missed. The streams say what changed since a position; of a key only the
// last change is told. A reader from the start is told all that is readable.
import type { CatchUp, CaughtUp, EngineChange } from '../../runtime/data-engine';
import { WalkPlaces } from '../../runtime/walk-places';
import type { Changes } from './changes';
import { readChange } from './envelope';
import type { Listing } from './listing';
import { before, comparePlaces, readPosition } from './place';
import type { Entry } from './entries';
import { CHANGES_PER_LOOK, type Look, type Tails } from './tails';

/** For what a reader was told elsewhere and what is on its way here. */
const BEHIND_MS = 5000;
/** Beyond this, clocks of servers are apart: changes are not held back for that either. */
const OWN_MS = 200;
/** Servers that are away may come back. Gateways wait longer than this. */
const AWAY_MS = 20_000;
const LOOK_EVERY_MS = 20;
const KEYS_PER_PAGE = 500;
const CHANGES_PER_PART = 256;
const SECOND_MS = 1000;

export interface CatchingUpParts {
  readonly cluster: string;
  readonly ttlMaxSeconds: number;
  readonly changes: Changes;
  readonly tails: Tails;
  readonly listing: Listing;
  readonly isReady: () => boolean;
  readonly changesOf: (entries: readonly Entry[], valueBytesMax: number) => Promise<EngineChange[]>;
  readonly puts: (keys: readonly string[], valueBytesMax: number) => Promise<EngineChange[]>;
}

export class CatchingUp {
  private readonly places = new WalkPlaces();

  constructor(private readonly parts: CatchingUpParts) {}

  async catchUp(asked: CatchUp, gone: AbortSignal): Promise<CaughtUp> {
    const sinceMs = asked.since === null ? null : readPosition(this.parts.cluster, asked.since);
    if (asked.since !== null && sinceMs === null) return begun(asked, 'position-unknown');
    // Whoever is told what it missed hears what comes meanwhile.
    const unsubscribe = this.parts.changes.subscribe(() => undefined);
    try {
      return await this.whenReady(asked, sinceMs, gone);
    } finally {
      unsubscribe();
    }
  }

  private async whenReady(asked: CatchUp, sinceMs: number | null, gone: AbortSignal): Promise<CaughtUp> {
    const { isReady, changes, tails } = this.parts;
    if (!(await waitFor(isReady, AWAY_MS, gone))) return gone.aborted ? 'gone' : 'syncing';
    if (sinceMs !== null && !(await waitFor(() => changes.told >= sinceMs, BEHIND_MS, gone)))
      return gone.aborted ? 'gone' : begun(asked, 'position-ahead');
    // What this node answered for before is among what was missed, and not told a moment later.
    const writtenMs = sinceMs === null ? 0 : tails.lastWrittenMs();
    await waitFor(() => changes.told > writtenMs, OWN_MS, gone);
    const { client } = asked;
    // Taken where it is seen to be free: others look in the same turn.
    while (!this.places.take(client)) {
      if (gone.aborted) return 'gone';
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    try {
      return await (sinceMs === null ? this.fromStart(asked, gone) : this.since(sinceMs, asked, gone));
    } catch {
      return 'syncing';
    } finally {
      this.places.give(client);
    }
  }

  private async fromStart(asked: CatchUp, gone: AbortSignal): Promise<CaughtUp> {
    asked.began();
    let cursor: string | null = '';
    while (cursor !== null && !gone.aborted) {
      const page = await this.parts.listing.page(asked.prefix, KEYS_PER_PAGE, cursor, gone);
      await asked.take(await this.parts.puts(page.keys, asked.valueBytesMax));
      cursor = page.nextCursor;
    }
    return gone.aborted ? 'gone' : 'caught-up';
  }

  private async since(sinceMs: number, asked: CatchUp, gone: AbortSignal): Promise<CaughtUp> {
    const { changes, tails } = this.parts;
    asked.began();
    const untilMs = changes.told;
    const told = Array.from({ length: tails.count }, (_, bucket) => changes.toldPlace(bucket));
    const looks = (
      await Promise.all(told.map((_, bucket) => this.looksFrom(bucket, sinceMs, untilMs, gone)))
    ).flat();
    // Some of what the reader was told before may have been lost.
    const isLost = told.some((_, bucket) => tails.of(bucket).lostAtMs > sinceMs);
    const isTooOld = looks.some(({ isGone, bornMs, streamMs }) => {
      return isGone || bornMs > sinceMs || streamMs - sinceMs > this.parts.ttlMaxSeconds * SECOND_MS;
    });
    if (isTooOld || isLost) return 'position-too-old';
    const missed = looks
      .flatMap(({ entries }) => entries)
      .filter(({ bucket, place }) => {
        const last = told[bucket];
        return place.ms < untilMs || (last !== null && comparePlaces(place, last) <= 0);
      });
    const lasting = lastOfEach(missed, asked.prefix);
    for (let at = 0; at < lasting.length && !gone.aborted; at += CHANGES_PER_PART)
      await asked.take(
        await this.parts.changesOf(lasting.slice(at, at + CHANGES_PER_PART), asked.valueBytesMax),
      );
    return gone.aborted ? 'gone' : 'caught-up';
  }

  /** All that changed in a bucket until what is told already, part by part. */
  private async looksFrom(
    bucket: number,
    sinceMs: number,
    untilMs: number,
    gone: AbortSignal,
  ): Promise<readonly Look[]> {
    const looks: Look[] = [];
    for (let from = before(sinceMs); !gone.aborted;) {
      const look = await this.parts.tails.look(bucket, from, CHANGES_PER_LOOK);
      looks.push(look);
      const last = look.entries.at(-1)?.place;
      if (last === undefined || look.entries.length < CHANGES_PER_LOOK || last.ms > untilMs) break;
      from = last;
    }
    return looks;
  }
}

function begun(asked: CatchUp, outcome: CaughtUp): CaughtUp {
  asked.began();
  return outcome;
}

/** In the order of their times. */
function lastOfEach(entries: readonly Entry[], prefix: string): Entry[] {
  const start = Buffer.from(prefix);
  const last = new Map<string, Entry>();
  for (const entry of [...entries].sort((a, b) => comparePlaces(a.place, b.place))) {
    const { key } = readChange(entry.bytes);
    if (!key.subarray(0, start.length).equals(start)) continue;
    const name = key.toString('latin1');
    last.delete(name);
    last.set(name, entry);
  }
  return [...last.values()];
}

/** Whether it came true before the time was up and the reader gone. */
async function waitFor(isTrue: () => boolean, limitMs: number, gone: AbortSignal): Promise<boolean> {
  for (const untilMs = performance.now() + limitMs; !isTrue();) {
    if (gone.aborted || performance.now() >= untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return !gone.aborted;
}
