// GET /keys, the same below /v1 with cursors as v2 had them, and GET /scan as it was called
// earlier.
import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import type { NodeSettings } from '../../config/settings';
import { TrustedProxies } from '../../http/client-address';
import { hangUp } from '../../http/hang-up';
import { queryValidation } from '../../http/query-validation';
import { SETTINGS } from '../../runtime/tokens';
import { type CursorForm, LAST_KEY, OPAQUE } from './key-cursor';
import { KeyListing, type Listing } from './key-listing';
import { keysPieces, keysText } from './keys-text';
import { KEYS_PARAMETERS, KeysQuery, SCAN_PARAMETERS, ScanQuery, V1KeysQuery } from './keys.query';

/**
 * A client that takes longer than this to read a full listing no longer keeps others from theirs.
 */
const TURN_MS_MAX = 10_000;
/** Nor does one that has taken nothing for so long. */
const STALLED_MS = 500;

@Controller()
export class KeysController {
  private readonly proxies: TrustedProxies;

  constructor(
    private readonly listing: KeyListing,
    @Inject(SETTINGS) { trustProxy }: NodeSettings,
  ) {
    this.proxies = new TrustedProxies(trustProxy);
  }

  @Get('keys')
  @RouteConfig({ parameters: KEYS_PARAMETERS })
  async keys(@Query(queryValidation()) query: KeysQuery, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(query, reply, OPAQUE);
  }

  @Get('v1/keys')
  @RouteConfig({ parameters: KEYS_PARAMETERS })
  async v1Keys(@Query(queryValidation()) query: V1KeysQuery, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(query, reply, LAST_KEY);
  }

  @Get('scan')
  @RouteConfig({ parameters: SCAN_PARAMETERS })
  async scan(@Query(queryValidation()) query: ScanQuery, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(query, reply, null);
  }

  /** `form` null: the route has no cursors. */
  private async answer(query: KeysQuery, reply: FastifyReply, form: CursorForm | null): Promise<void> {
    const gone = hangUp(reply.raw);
    const { socket, headers } = reply.raw.req;
    const name = this.proxies.clientOf(socket.remoteAddress ?? '', headers['x-forwarded-for']);
    const listing = await unlessGone(this.listing.list(query, { name, gone }, form ?? OPAQUE), gone);
    if (listing === null) return;
    const cursorOf = (key: string | null): string | null =>
      form === null || key === null ? null : form.encode(key);
    send(reply, listing, cursorOf, gone);
  }
}

/** Null at once when the client has gone; the list is let go of when it is made all the same. */
function unlessGone(made: Promise<Listing>, gone: AbortSignal): Promise<Listing | null> {
  return new Promise((resolve, reject) => {
    gone.addEventListener('abort', () => resolve(null), { once: true });
    made.then((listing) => {
      if (gone.aborted) {
        listing.endTurn();
        listing.release();
        resolve(null);
      } else resolve(listing);
    }, reject);
  });
}

function send(
  reply: FastifyReply,
  listing: Listing,
  cursorOf: (key: string | null) => string | null,
  gone: AbortSignal,
): void {
  const { first, isShort } = listing;
  const text = isShort ? keysText(first.keys, cursorOf(listing.nextCursor())) : null;
  const turn = setTimeout(listing.endTurn, text === null ? TURN_MS_MAX : STALLED_MS);
  const end = (): void => {
    clearTimeout(turn);
    listing.endTurn();
    listing.release();
  };
  if (gone.aborted) {
    end();
    return;
  }
  gone.addEventListener('abort', end, { once: true });
  reply.type('application/json; charset=utf-8').header('cache-control', 'no-store');
  const pieces = keysPieces(listing.pages(), () => cursorOf(listing.nextCursor()));
  reply.send(text ?? Readable.from(whenTaken(pieces, listing.endTurn)));
}

/** The same pieces. Calls `onStalled` when nobody takes the next one. */
async function* whenTaken(pieces: AsyncIterable<string>, onStalled: () => void): AsyncGenerator<string> {
  for await (const piece of pieces) {
    const stalled = setTimeout(onStalled, STALLED_MS);
    try {
      yield piece;
    } finally {
      clearTimeout(stalled);
    }
  }
}
