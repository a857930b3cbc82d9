// Lists keys when this node can answer for all of them: it waits a little while the node fills up from its peers, and
// lets one listing without a limit run at a time.
import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { ProblemException } from '../../http/problem';
import type { DataEngine, KeyPage } from '../../runtime/data-engine';
import { DATA_ENGINE, SETTINGS } from '../../runtime/tokens';
import { decodeCursor } from './key-cursor';
import type { KeysQuery } from './keys.query';
import { ListingQueue } from './listing-queue';

const SYNC_WAIT_MS = 2000;
const SYNC_LOOK_MS = 20;
const FULL_LISTINGS_WAITING_MAX = 16;

export interface Listing extends KeyPage {
  /** To be called when the page has been sent or given up. */
  readonly release: () => void;
}

@Injectable()
export class KeyListing {
  private readonly fullListings = new ListingQueue(FULL_LISTINGS_WAITING_MAX);

  constructor(
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(SETTINGS) private readonly settings: NodeSettings,
  ) {}

  /**
   * `gone` aborts when the client hung up: it then keeps nobody from their turn.
   * @throws ProblemException query-invalid, syncing, busy
   */
  async list(query: KeysQuery, gone: AbortSignal): Promise<Listing> {
    const prefix = this.prefixOf(query);
    const cursor = this.cursorOf(query);
    await this.whenSynced();
    if (query.limit !== undefined) {
      return { ...(await this.engine.list(prefix, query.limit, cursor)), release: () => undefined };
    }
    const release = await this.fullListings.acquire(gone);
    if (release === null) {
      throw new ProblemException(
        'busy',
        'Many full listings wait already; ask with a limit, or again later.',
        {
          retryAfterSeconds: 1,
        },
      );
    }
    try {
      return { ...(await this.engine.list(prefix, 0, cursor)), release };
    } catch (bug) {
      release();
      throw bug;
    }
  }

  private prefixOf({ prefix = '' }: KeysQuery): string {
    const bytes = Buffer.byteLength(prefix);
    if (bytes <= this.settings.keyBytesMax) return prefix;
    throw new ProblemException(
      'query-invalid',
      `prefix must have at most ${this.settings.keyBytesMax} bytes (given: ${bytes})`,
    );
  }

  private cursorOf({ cursor }: KeysQuery): string {
    if (cursor === undefined) return '';
    const lastKey = decodeCursor(cursor, this.settings.keyBytesMax);
    if (lastKey !== null) return lastKey;
    const given = JSON.stringify(cursor.slice(0, 40));
    throw new ProblemException(
      'query-invalid',
      `cursor must be the next_cursor of an earlier answer (given: ${given})`,
    );
  }

  private async whenSynced(): Promise<void> {
    for (let waitedMs = 0; !this.synced(); waitedMs += SYNC_LOOK_MS) {
      if (waitedMs >= SYNC_WAIT_MS) {
        throw new ProblemException('syncing', 'The list would be incomplete; another port may have it.', {
          retryAfterSeconds: 1,
        });
      }
      await setTimeout(SYNC_LOOK_MS);
    }
  }

  private synced(): boolean {
    const state = this.engine.state();
    return state === 'ready' || state === 'draining';
  }
}
