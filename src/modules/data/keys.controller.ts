// GET /keys and /v1/keys, and GET /scan as it was called earlier.
import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { queryValidation } from '../../http/query-validation';
import { encodeCursor } from './key-cursor';
import { KeyListing, type Listing } from './key-listing';
import { KEYS_PER_PIECE, keysPieces, keysText } from './keys-text';
import { KeysQuery, ScanQuery } from './keys.query';

/** A client that takes longer than this to read a full listing no longer keeps others from theirs. */
const TURN_MS_MAX = 10_000;

@Controller()
export class KeysController {
  constructor(private readonly listing: KeyListing) {}

  @Get(['keys', 'v1/keys'])
  async keys(@Query(queryValidation()) query: KeysQuery, @Res() reply: FastifyReply): Promise<void> {
    const gone = hangUp(reply);
    const listing = await this.listing.list(query, gone);
    send(reply, listing, listing.nextCursor === null ? null : encodeCursor(listing.nextCursor), gone);
  }

  @Get('scan')
  async scan(@Query(queryValidation()) query: ScanQuery, @Res() reply: FastifyReply): Promise<void> {
    const gone = hangUp(reply);
    send(reply, await this.listing.list(query, gone), null, gone);
  }
}

/** Aborts when the connection closes before the answer was sent whole, or after. */
function hangUp(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    gone.abort();
  });
  return gone.signal;
}

function send(
  reply: FastifyReply,
  { keys, release, endTurn }: Listing,
  nextCursor: string | null,
  gone: AbortSignal,
): void {
  const turn = setTimeout(endTurn, TURN_MS_MAX);
  const end = (): void => {
    clearTimeout(turn);
    endTurn();
    release();
  };
  if (gone.aborted) {
    end();
    return;
  }
  gone.addEventListener('abort', end, { once: true });
  reply.type('application/json; charset=utf-8').header('cache-control', 'no-store');
  if (keys.length <= KEYS_PER_PIECE) reply.send(keysText(keys, nextCursor));
  else reply.send(Readable.from(keysPieces(keys, nextCursor)));
}
