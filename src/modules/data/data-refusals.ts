// Why the data routes did not do what was asked.
import type { Refusal } from '../../http/answer';
import { givenText } from '../../http/given-text';
import type { BodyRefusal } from '../../http/incoming-body';
import type { PutOutcome } from '../../runtime/data-engine';
import type { KeyReading } from './data-key';
import type { Unmet } from './write-condition';
import { UNFINISHED } from '../../http/limits/unfinished';
import { AWAY_RETRY_SECONDS } from './store-away';
import type { Refused } from './write-quota.service';

/** @param isVersionNamed whether it was asked for a version, or a newer one */
export function absent(isVersionNamed: boolean): Refusal {
  const why = 'It was never written here, or it has expired.';
  const detail = isVersionNamed
    ? `No version as new as X-Repram-Min-Version names is known. ${why} An older one may be live: a read without that header tells.`
    : why;
  return { code: 'key-absent', detail };
}

export function full({ at, usedBytes, limitBytes }: Extract<PutOutcome, { kind: 'full' }>): Refusal {
  if (at === 'peers') {
    const detail =
      'This node has room, but so many others have none that no quorum could hold a new key; nothing was stored.';
    return { code: 'storage-full', detail };
  }
  if (at === 'store') {
    const detail = `The servers that hold the values have no room (${usedBytes} of ${limitBytes} bytes in use); nothing was stored.`;
    return { code: 'storage-full', detail };
  }
  const detail = `${usedBytes} of ${limitBytes} bytes are in use; nothing was stored and nothing dropped.`;
  return { code: 'storage-full', detail };
}

export function busy(): Refusal {
  const detail = 'Writes come faster than any peer takes them; nothing was stored.';
  return { code: 'busy', detail, retryAfterSeconds: 1 };
}

export function unconfirmed(): Refusal {
  const detail =
    'The servers that hold the values did not confirm the write in time, so it may be there or not: write it again.';
  return { code: 'store-away', detail, retryAfterSeconds: AWAY_RETRY_SECONDS };
}

export function untaken(): Refusal {
  const detail = 'The servers that hold the values take no writes from this node now; nothing was stored.';
  return { code: 'store-away', detail, retryAfterSeconds: AWAY_RETRY_SECONDS };
}

export function unstamped(): Refusal {
  const detail =
    'Writes are ordered by time, and by the clock of this node this one could not come after those before; nothing was stored.';
  return { code: 'clock-wrong', detail, retryAfterSeconds: 60 };
}

export function draining(): Refusal {
  const detail = 'This node takes no more writes; another port of the network does.';
  return { code: 'draining', detail, retryAfterSeconds: 2 };
}

export function overQuota({ limits, fittingTtlSeconds, retryAfterSeconds }: Refused): Refusal {
  const advice =
    fittingTtlSeconds === null ? '' : ` With a ttl of ${fittingTtlSeconds} it would be taken now.`;
  const detail =
    `One client may occupy ${limits.bytes} bytes here at a time, and ${limits.byteSeconds} bytes times seconds of ` +
    `remaining life; nothing was stored.${advice}`;
  const refusal: Refusal = { code: 'client-quota', detail };
  return retryAfterSeconds === null ? refusal : { ...refusal, retryAfterSeconds };
}

/** A condition keeps the request from being done. */
export function unmet({ etag }: Unmet): Refusal {
  const now = etag === null ? 'no live value is here' : `the version here is ${etag}`;
  const detail = `If-Match or If-None-Match does not hold: ${now}.`;
  return { code: 'precondition-failed', detail, fields: etag === null ? [] : ['etag', etag] };
}

/** Seen by those only who close their half of a connection, and say that they do not. */
export function unattended(): Refusal {
  const detail = 'X-Repram-Connected does not hold: the client has hung up; nothing was stored.';
  return { code: 'precondition-failed', detail };
}

export function unreadableKey(reading: Exclude<KeyReading, { kind: 'key' }>, keyBytesMax: number): Refusal {
  switch (reading.kind) {
    case 'missing':
      return { code: 'key-missing', detail: 'Name a key: /data/{key}.' };
    case 'too-long': {
      const detail = `The key has ${reading.bytes} bytes; at most ${keyBytesMax} are allowed.`;
      return { code: 'key-too-long', detail };
    }
    case 'altered': {
      const given = givenText(reading.stated);
      const detail = `X-Repram-Key names another key than the path (given: ${given}). Something on the way changes paths; nothing was read or stored.`;
      return { code: 'key-altered', detail };
    }
    case 'invalid':
      return { code: 'key-invalid', detail: `The key ${reading.problem}.` };
  }
}

export function unreceived(refusal: BodyRefusal, valueBytesMax: number): Refusal {
  const fields = ['connection', 'close'];
  switch (refusal) {
    case 'too-large':
      return { code: 'value-too-large', detail: `At most ${valueBytesMax} bytes are accepted.` };
    case 'busy': {
      const detail = 'Too many large values are arriving at once.';
      return { code: 'busy', detail, retryAfterSeconds: 1 };
    }
    case 'too-slow':
      return { code: 'request-timeout', detail: 'The body came too slowly; nothing was stored.', fields };
    case 'draining':
      return { ...UNFINISHED, detail: `${UNFINISHED.detail} Nothing was stored.` };
    case 'crumbs': {
      const detail = 'The body came in too many small chunks; nothing was stored.';
      return { code: 'chunks-too-small', detail, fields };
    }
    case 'incomplete': {
      const detail = 'The connection ended before the body did; nothing was stored.';
      return { code: 'body-incomplete', detail };
    }
  }
}
