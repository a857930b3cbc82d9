// Why the data routes did not do what was asked.
import type { FastifyReply } from 'fastify';
import type { BodyRefusal } from '../../http/incoming-body';
import { sendProblem } from '../../http/problem';
import type { PutOutcome } from '../../runtime/data-engine';
import type { KeyReading } from './data-key';
import type { Unmet } from './write-condition';
import type { Refused } from './write-quota.service';

export function answerFull(reply: FastifyReply, full: Extract<PutOutcome, { kind: 'full' }>): void {
  const { usedBytes, limitBytes } = full;
  sendProblem(
    reply,
    'storage-full',
    `${usedBytes} of ${limitBytes} bytes are in use; nothing was stored and nothing dropped.`,
  );
}

export function answerBusy(reply: FastifyReply): void {
  sendProblem(reply, 'busy', 'Writes come faster than any peer takes them; nothing was stored.', {
    retryAfterSeconds: 1,
  });
}

export function answerUnstamped(reply: FastifyReply): void {
  const detail =
    'Writes are ordered by time, and by the clock of this node this one could not come after those before; nothing was stored.';
  sendProblem(reply, 'clock-wrong', detail, { retryAfterSeconds: 60 });
}

export function answerDraining(reply: FastifyReply): void {
  sendProblem(reply, 'draining', 'This node takes no more writes; another port of the network does.', {
    retryAfterSeconds: 2,
  });
}

export function answerOverQuota(reply: FastifyReply, refused: Refused): void {
  const { limits, fittingTtlSeconds, retryAfterSeconds } = refused;
  const advice =
    fittingTtlSeconds === null ? '' : ` With a ttl of ${fittingTtlSeconds} it would be taken now.`;
  sendProblem(
    reply,
    'client-quota',
    `One client may occupy ${limits.bytes} bytes here at a time, and ${limits.byteSeconds} bytes times seconds of ` +
      `remaining life; nothing was stored.${advice}`,
    retryAfterSeconds === null ? {} : { retryAfterSeconds },
  );
}

/** Why a condition kept a request from being done. */
export function answerUnmet(reply: FastifyReply, unmet: Unmet): void {
  if (unmet.kind === 'undecided') {
    const detail = 'This node is behind its peers and cannot judge the condition; another port may.';
    sendProblem(reply, 'syncing', detail, { retryAfterSeconds: 1 });
    return;
  }
  if (unmet.etag !== null) reply.header('etag', unmet.etag);
  const now = unmet.etag === null ? 'no live value is here' : `the version here is ${unmet.etag}`;
  sendProblem(reply, 'precondition-failed', `If-Match or If-None-Match does not hold: ${now}.`);
}

export function answerUnreadableKey(
  reply: FastifyReply,
  reading: Exclude<KeyReading, { kind: 'key' }>,
  keyBytesMax: number,
): void {
  switch (reading.kind) {
    case 'missing':
      sendProblem(reply, 'key-missing', 'Name a key: /data/{key}.');
      return;
    case 'too-long':
      sendProblem(
        reply,
        'key-too-long',
        `The key has ${reading.bytes} bytes; at most ${keyBytesMax} are allowed.`,
      );
      return;
    case 'invalid':
      sendProblem(reply, 'key-invalid', `The key ${reading.problem}.`);
  }
}

export function answerUnreceived(reply: FastifyReply, refusal: BodyRefusal, valueBytesMax: number): void {
  switch (refusal) {
    case 'too-large':
      sendProblem(reply, 'value-too-large', `At most ${valueBytesMax} bytes are accepted.`);
      return;
    case 'busy':
      sendProblem(reply, 'busy', 'Too many large values are arriving at once.', { retryAfterSeconds: 1 });
      return;
    case 'too-slow':
      reply.header('connection', 'close');
      sendProblem(reply, 'request-timeout', 'The body came too slowly; nothing was stored.');
      return;
    case 'crumbs':
      reply.header('connection', 'close');
      sendProblem(reply, 'chunks-too-small', 'The body came in too many small chunks; nothing was stored.');
      return;
    case 'incomplete':
      sendProblem(reply, 'body-incomplete', 'The connection ended before the body did; nothing was stored.');
  }
}
