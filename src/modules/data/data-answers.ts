// What the data routes say: values and write results as headers and status codes. Milliseconds
// become seconds here.
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { matchesEtag, matchesEtagStrongly } from '../../http/etag';
import type { Metadata, PutOutcome, ReadRecord } from '../../runtime/data-engine';
import { formatVersion, stampedAtMs } from '../../runtime/version-text';
import { answerBusy, answerDraining, answerFull, answerUnmet, answerUnstamped } from './data-refusals';

/**
 * A stored value is data and never a page. It may not run scripts, be framed, or be guessed to be
 * another type.
 */
const VALUE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

/** Saved and never shown, under a name that a link to this node cannot choose. */
const VALUE_DISPOSITION = 'attachment; filename="value.bin"';

/** To a HEAD: what is sent decides its length, but for a stream. */
const NOTHING_OF_IT = (): Readable => Readable.from([]);

/** GETs with these conditions are mostly answered without the value. */
export function isConditional({
  'if-match': ifMatch,
  'if-none-match': ifNoneMatch,
}: IncomingHttpHeaders): boolean {
  return ifMatch !== undefined || ifNoneMatch !== undefined;
}

/** Whether a GET with these conditions gets the value itself. */
export function wantsValue(
  { version }: Metadata,
  { 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: IncomingHttpHeaders,
): boolean {
  const etag = `"${formatVersion(version)}"`;
  return (ifMatch === undefined || matchesEtagStrongly(ifMatch, etag)) && !matchesEtag(ifNoneMatch, etag);
}

/** Metadata answers whoever does not want the value. */
export function answerValue(
  reply: FastifyReply,
  record: ReadRecord | Metadata,
  remainingMs: number,
  { 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: IncomingHttpHeaders,
): void {
  const version = formatVersion(record.version);
  const etag = `"${version}"`;
  if (ifMatch !== undefined && !matchesEtagStrongly(ifMatch, etag)) {
    answerUnmet(reply, { kind: 'unmet', etag });
    return;
  }
  reply
    .header('content-security-policy', VALUE_POLICY)
    .header('cross-origin-resource-policy', 'same-origin')
    .header('content-disposition', VALUE_DISPOSITION)
    .header('cache-control', 'no-store')
    .header('etag', etag)
    .header('x-created-at', new Date(stampedAtMs(record.version)).toISOString())
    .header('x-original-ttl', Math.ceil(record.ttlMs / 1000))
    .header('x-remaining-ttl', Math.floor(remainingMs / 1000))
    .header('x-repram-version', version);
  if (matchesEtag(ifNoneMatch, etag)) reply.code(304).send();
  else {
    reply.type('application/octet-stream');
    if ('value' in record) reply.send(record.value);
    else reply.header('content-length', record.valueBytes).send(NOTHING_OF_IT());
  }
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
      answerStored(reply, outcome, ttlSeconds, nodeId);
      return;
    case 'full':
      answerFull(reply, outcome);
      return;
    case 'busy':
      answerBusy(reply);
      return;
    case 'unstamped':
      answerUnstamped(reply);
      return;
    case 'draining':
      answerDraining(reply);
  }
}

function answerStored(
  reply: FastifyReply,
  outcome: Extract<PutOutcome, { kind: 'held' | 'stored' }>,
  ttlSeconds: number,
  nodeId: string,
): void {
  reply
    .code(outcome.kind === 'held' ? 201 : 202)
    .header('content-type', 'text/plain; charset=utf-8')
    .header('x-ttl', ttlSeconds)
    .header('x-remaining-ttl', ttlSeconds)
    .header('x-repram-version', formatVersion(outcome.version))
    .header('x-repram-acks', `${outcome.acks}/${outcome.expected}`)
    .header('x-repram-ack-hosts', `${outcome.hosts}/${outcome.expectedHosts}`)
    .header('x-repram-node', nodeId)
    .send(outcome.kind === 'held' ? 'OK' : 'Accepted');
}
