// Lists keys when this node can answer for all of them. It waits a little while the node fills up
// from its peers. It lets one listing without a limit and one with a limit run at a time. All that
// waits here is bounded, and ends when its client has gone. Clients take turns.
import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { ClientLimits } from '../../http/limits/client-limits';
import { ProblemException } from '../../http/problem';
import {
  EngineAway,
  EngineBusy,
  KEY_BYTES_MAX,
  type DataEngine,
  type KeyPage,
} from '../../runtime/data-engine';
import { KEY_OVERHEAD_BYTES, pageBytesMax } from '../../runtime/key-listing';
import { DATA_ENGINE, SETTINGS } from '../../runtime/tokens';
import { type CursorForm, OPAQUE } from './key-cursor';
import { heldTextBytes } from './keys-text';
import type { KeysQuery } from './keys.query';
import { ListingQueue } from './listing-queue';
import { storeAway } from './store-away';

const SYNC_WAIT_MS = 2000;
const SYNC_LOOK_MS = 20;
/** Listings that wait for their turn, of all keys and of pages; each turn makes one. */
const WHOLE_WAITING_MAX = 16;
const PAGES_WAITING_MAX = 64;
const WAITING_FOR_SYNC_MAX = 64;

/** Pages that a walk keeps the keys of: twice what is asked for, and a run. */
const WALK_PAGES = 3;
/** A piece of its text is held as text, as bytes, and as the next one that waits. */
const TEXT_COPIES = 3;

/** Who asks. */
export interface ListingClient {
  /** The same for all that one client asks for. */
  readonly name: string;
  /** Aborts when it hung up. */
  readonly gone: AbortSignal;
}

interface Asked {
  readonly prefix: string;
  /** 0 = all. */
  readonly limit: number;
  readonly cursor: string;
  readonly gone: AbortSignal;
}

export interface Listing {
  readonly first: KeyPage;
  /** All of it is in the first page. */
  readonly isShort: boolean;
  /** The keys, page by page, each made when it is asked for. */
  pages(): AsyncGenerator<readonly string[]>;
  /** Once all pages were taken: where to go on. */
  nextCursor(): string | null;
  /** Lets the next listing begin. */
  readonly endTurn: () => void;
  /** To be called when it has been sent or given up. */
  readonly release: () => void;
}

@Injectable()
export class KeyListing {
  private readonly wholeListings = new ListingQueue(WHOLE_WAITING_MAX);
  private readonly pages = new ListingQueue(PAGES_WAITING_MAX);
  private waitingForSync = 0;

  constructor(
    private readonly limits: ClientLimits,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(SETTINGS) private readonly settings: NodeSettings,
  ) {}

  /**
   * When the client has gone the listing ends, and what it resolves with is of no use. `form` is
   * that of the cursor.
   * @throws ProblemException query-invalid, syncing, busy
   */
  async list(query: KeysQuery, { name, gone }: ListingClient, form = OPAQUE): Promise<Listing> {
    const prefix = this.prefixOf(query);
    const cursor = this.cursorOf(query, form);
    await this.whenSynced(gone);
    const isWhole = query.limit === undefined;
    const endTurn = await (isWhole ? this.wholeListings : this.pages).acquire(name, gone);
    if (endTurn === null) throw busy('Many listings wait already');
    try {
      const listing = await this.make({ prefix, limit: query.limit ?? 0, cursor, gone }, endTurn);
      if (!isWhole && listing.isShort) endTurn();
      return listing;
    } catch (refusal) {
      endTurn();
      throw refusal;
    }
  }

  /**
   * Charged to the ledger until it is released: first what a walk may keep, then what it found. A
   * list of several pages keeps both, because it walks again while it is sent.
   */
  private async make(asked: Asked, endTurn: () => void): Promise<Listing> {
    const releaseWalk = this.charge(this.walkBytes());
    let releaseRest = (): void => undefined;
    try {
      const first = await this.page(asked, asked.cursor, asked.limit);
      const isShort = isEnough(first, asked.limit);
      if (isShort) releaseWalk();
      releaseRest = this.charge(bytesOf(first));
      const release = (): void => {
        releaseWalk();
        releaseRest();
      };
      return { first, isShort, ...this.pagesFrom(first, asked), endTurn, release };
    } catch (error) {
      releaseWalk();
      releaseRest();
      throw error;
    }
  }

  private pagesFrom(first: KeyPage, asked: Asked): Pick<Listing, 'pages' | 'nextCursor'> {
    const page = this.page.bind(this);
    let last = first;
    return {
      nextCursor: () => (asked.limit === 0 ? null : last.nextCursor),
      async *pages() {
        yield first.keys;
        let left = asked.limit - first.keys.length;
        while (last.nextCursor !== null && (asked.limit === 0 || left > 0) && !asked.gone.aborted) {
          last = await page(asked, last.nextCursor, Math.max(0, left));
          left -= last.keys.length;
          yield last.keys;
        }
      },
    };
  }

  private async page({ prefix, gone }: Asked, cursor: string, limit: number): Promise<KeyPage> {
    try {
      return await this.engine.list(prefix, limit, cursor, gone);
    } catch (error) {
      if (error instanceof EngineBusy) throw busy('Too much waits for the servers that hold the values');
      throw error instanceof EngineAway ? storeAway() : error;
    }
  }

  /** No more than there is. */
  private walkBytes(): number {
    const { keys, usedBytes } = this.engine.stats();
    const pageBytes = pageBytesMax(this.settings.clientBytesMax);
    return Math.min(WALK_PAGES * pageBytes, usedBytes + keys * KEY_OVERHEAD_BYTES);
  }

  private charge(bytes: number): () => void {
    const { ledger } = this.limits;
    if (!ledger.take('listings', bytes)) throw busy('This list does not fit what the node holds for clients');
    let isCharged = true;
    return () => {
      if (isCharged) ledger.give('listings', bytes);
      isCharged = false;
    };
  }

  private prefixOf({ prefix = '' }: KeysQuery): string {
    const bytes = Buffer.byteLength(prefix);
    if (bytes <= KEY_BYTES_MAX) return prefix;
    throw new ProblemException(
      'query-invalid',
      `prefix must have at most ${KEY_BYTES_MAX} bytes (given: ${bytes})`,
    );
  }

  private cursorOf({ cursor }: KeysQuery, form: CursorForm): string {
    if (cursor === undefined) return '';
    const lastKey = form.decode(cursor, KEY_BYTES_MAX);
    if (lastKey !== null) return lastKey;
    const given = JSON.stringify(cursor.slice(0, 40));
    throw new ProblemException(
      'query-invalid',
      `cursor must be the next_cursor of an earlier answer (given: ${given})`,
    );
  }

  private async whenSynced(gone: AbortSignal): Promise<void> {
    if (this.synced()) return;
    const hasRoom = this.waitingForSync < WAITING_FOR_SYNC_MAX;
    this.waitingForSync += 1;
    try {
      for (let waitedMs = 0; !this.synced(); waitedMs += SYNC_LOOK_MS) {
        if (!hasRoom || waitedMs >= SYNC_WAIT_MS || gone.aborted) {
          if (!this.engine.about().isReachable) throw storeAway();
          throw new ProblemException('syncing', 'The list would be incomplete; another port may have it.', {
            retryAfterSeconds: 1,
          });
        }
        await setTimeout(SYNC_LOOK_MS);
      }
    } finally {
      this.waitingForSync -= 1;
    }
  }

  private synced(): boolean {
    const state = this.engine.state();
    return (state === 'ready' || state === 'draining') && this.engine.listsAll();
  }
}

function isEnough({ keys, nextCursor }: KeyPage, limit: number): boolean {
  return nextCursor === null || (limit > 0 && keys.length >= limit);
}

/** Of its keys, and of the text that is made of them at a time. */
function bytesOf({ keys }: KeyPage): number {
  const keyBytes = keys.reduce((sum, key) => sum + 2 * key.length + KEY_OVERHEAD_BYTES, 0);
  return keyBytes + TEXT_COPIES * heldTextBytes(keys);
}

export function busy(why: string): ProblemException {
  return new ProblemException('busy', `${why}; ask with a limit, or again later.`, { retryAfterSeconds: 1 });
}
