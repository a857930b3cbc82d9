// What the data routes say: values and write results as headers and status codes. Milliseconds become seconds here.
import type { FastifyReply } from 'fastify';
import type { BodyRefusal } from '../../http/incoming-body';
import { matchesEtag } from '../../http/etag';
import { sendProblem } from '../../http/problem';
import type { PutOutcome, ReadRecord } from '../../runtime/data-engine';
import { formatVersion, stampedAtMs } from '../../runtime/version-text';
import type { KeyReading } from './data-key';

/** A stored value is data and never a page: it may not run scripts, be framed, or be guessed to be another type. */
const VALUE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

export function answerValue(
  reply: FastifyReply,
  record: ReadRecord,
  remainingMs: number,
  ifNoneMatch: string | undefined,
): void {
  const version = formatVersion(record.version);
  const etag = `"${version}"`;
  reply
    .header('content-security-policy', VALUE_POLICY)
    .header('cache-control', 'no-store')
    .header('etag', etag)
    .header('x-created-at', new Date(stampedAtMs(record.version)).toISOString())
    .header('x-original-ttl', Math.ceil(record.ttlMs / 1000))
    .header('x-remaining-ttl', Math.floor(remainingMs / 1000))
    .header('x-repram-version', version);
  if (matchesEtag(ifNoneMatch, etag)) reply.code(304).send();
  else reply.type('application/octet-stream').send(record.value);
}

/** 201 when the asked level holds the write, 202 when this node does and replication goes on. */
export function answerWritten(
  reply: FastifyReply,
  outcome: PutOutcome,
  ttlSeconds: number,
  nodeId: string,
): void {
  switch (outcome.kind) {
    case 'held':
    case 'stored':
      reply
        .code(outcome.kind === 'held' ? 201 : 202)
        .header('content-type', 'text/plain; charset=utf-8')
        .header('x-ttl', ttlSeconds)
        .header('x-remaining-ttl', ttlSeconds)
        .header('x-repram-version', formatVersion(outcome.version))
        .header('x-repram-acks', `${outcome.acks}/${outcome.expected}`)
        .header('x-repram-node', nodeId)
        .send(outcome.kind === 'held' ? 'OK' : 'Accepted');
      return;
    case 'full':
      sendProblem(
        reply,
        'storage-full',
        `${outcome.usedBytes} of ${outcome.limitBytes} bytes are in use; nothing was stored and nothing dropped.`,
      );
      return;
    case 'draining':
      answerDraining(reply);
  }
}

export function answerDraining(reply: FastifyReply): void {
  sendProblem(reply, 'draining', 'This node takes no more writes; another port of the network does.', {
    retryAfterSeconds: 2,
  });
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
    case 'incomplete':
      sendProblem(reply, 'body-incomplete', 'The connection ended before the body did; nothing was stored.');
  }
}
