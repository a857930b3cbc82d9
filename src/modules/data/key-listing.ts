// Lists keys when this node can answer for all of them. It waits a little while the node fills up
// from its peers. It lets one listing without a limit and one with a limit run at a time. All that
// waits here is bounded, and ends when its client has gone.
import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { ClientLimits } from '../../http/limits/client-limits';
import { ProblemException } from '../../http/problem';
import { EngineAway, EngineBusy, type DataEngine, type KeyPage } from '../../runtime/data-engine';
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

/** What the walk keeps for a key: its place in a run, and in the run that two are merged to. */
const WALK_BYTES = 24;
/** Keys that a walk for a page keeps beside twice its limit (src/runtime/key-listing.ts). */
const WALK_KEYS = 4 * 4096;
/** Of a key in a page, beside its characters. */
const KEY_OVERHEAD_BYTES = 48;
/** A piece of its text is held as text, as bytes, and as the next one that waits. */
const TEXT_COPIES = 3;

interface Made extends KeyPage {
  /** To be called when the page has been sent or given up. */
  readonly release: () => void;
}

export interface Listing extends Made {
  /** Lets the next listing of all keys begin. */
  readonly endTurn: () => void;
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
   * `gone` aborts when the client hung up. Then the listing ends, and what it resolves with is of
   * no use. `form` is that of the cursor.
   * @throws ProblemException query-invalid, syncing, busy
   */
  async list(query: KeysQuery, gone: AbortSignal, form = OPAQUE): Promise<Listing> {
    const prefix = this.prefixOf(query);
    const cursor = this.cursorOf(query, form);
    await this.whenSynced(gone);
    const isWhole = query.limit === undefined;
    const endTurn = await (isWhole ? this.wholeListings : this.pages).acquire(gone);
    if (endTurn === null) throw busy('Many listings wait already');
    try {
      const page = await this.make(prefix, query.limit ?? 0, cursor, gone);
      if (!isWhole) endTurn();
      return { ...page, endTurn };
    } catch (refusal) {
      endTurn();
      throw refusal;
    }
  }

  /**
   * With the keys charged to the ledger until they are released: first what the walk may keep, then
   * what it found.
   */
  private async make(prefix: string, limit: number, cursor: string, gone: AbortSignal): Promise<Made> {
    const { keys } = this.engine.stats();
    const releaseWalk = this.charge(
      WALK_BYTES * (limit === 0 ? keys : Math.min(keys, 2 * limit + WALK_KEYS)),
    );
    let page: KeyPage;
    try {
      page = await this.engine.list(prefix, limit, cursor, gone);
    } catch (error) {
      if (error instanceof EngineBusy) throw busy('Too much waits for the servers that hold the values');
      throw error instanceof EngineAway ? storeAway() : error;
    } finally {
      releaseWalk();
    }
    const keyBytes = page.keys.reduce((sum, key) => sum + 2 * key.length + KEY_OVERHEAD_BYTES, 0);
    const release = this.charge(keyBytes + TEXT_COPIES * heldTextBytes(page.keys));
    return { ...page, release };
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
    if (bytes <= this.settings.keyBytesMax) return prefix;
    throw new ProblemException(
      'query-invalid',
      `prefix must have at most ${this.settings.keyBytesMax} bytes (given: ${bytes})`,
    );
  }

  private cursorOf({ cursor }: KeysQuery, form: CursorForm): string {
    if (cursor === undefined) return '';
    const lastKey = form.decode(cursor, this.settings.keyBytesMax);
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

export function busy(why: string): ProblemException {
  return new ProblemException('busy', `${why}; ask with a limit, or again later.`, { retryAfterSeconds: 1 });
}
