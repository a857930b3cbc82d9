// What the data routes say: values and write results as headers and status codes. Milliseconds
// become seconds here.
import type { IncomingHttpHeaders } from 'node:http';
import { EVERY_ANSWER } from '../../http/every-answer';
import type { Answer, Refusal } from '../../http/answer';
import { matchesEtag, matchesEtagStrongly } from '../../http/etag';
import { headLines } from '../../http/head-lines';
import { isoTime } from '../../http/iso-time';
import type { Metadata, PutOutcome, ReadRecord } from '../../runtime/data-engine';
import { formatVersion, stampedAtMs } from '../../runtime/version-text';
import { busy, draining, full, unconfirmed, unmet, unstamped, untaken } from './data-refusals';

const VALUE_LINES = headLines({
  ...EVERY_ANSWER,
  // A stored value is data and never a page. It may not run scripts, be framed, or be guessed to be
  // another type.
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  // Saved and never shown, under a name that a link to this node cannot choose.
  'content-disposition': 'attachment; filename="value.bin"',
  'cache-control': 'no-store',
});
const BYTES_LINES = VALUE_LINES + headLines({ 'content-type': 'application/octet-stream' });
const STORED_LINES = headLines({ ...EVERY_ANSWER, 'content-type': 'text/plain; charset=utf-8' });

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
export function valueAnswer(
  record: ReadRecord | Metadata,
  remainingMs: number,
  { 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: IncomingHttpHeaders,
): Answer | Refusal {
  const version = formatVersion(record.version);
  const etag = `"${version}"`;
  if (ifMatch !== undefined && !matchesEtagStrongly(ifMatch, etag)) return unmet({ kind: 'unmet', etag });
  const lines = `etag: ${etag}\r
x-created-at: ${isoTime(stampedAtMs(record.version))}\r
x-original-ttl: ${Math.ceil(record.ttlMs / 1000)}\r
x-remaining-ttl: ${Math.floor(remainingMs / 1000)}\r
x-repram-version: ${version}\r
`;
  if (matchesEtag(ifNoneMatch, etag)) return { status: 304, lines: VALUE_LINES + lines, body: null };
  const whole = BYTES_LINES + lines;
  return 'value' in record
    ? { status: 200, lines: whole, body: record.value }
    : { status: 200, lines: whole, body: null, withheldBytes: record.valueBytes };
}

/** 201 when the asked level holds the write, 202 when this node does and replication goes on. */
export function writtenAnswer(outcome: PutOutcome, ttlSeconds: number, nodeId: string): Answer | Refusal {
  switch (outcome.kind) {
    case 'held':
    case 'stored':
      return storedAnswer(outcome, ttlSeconds, nodeId);
    case 'full':
      return full(outcome);
    case 'busy':
      return busy();
    case 'unstamped':
      return unstamped();
    case 'draining':
      return draining();
    case 'away':
      return outcome.isUndone === true ? untaken() : unconfirmed();
  }
}

function storedAnswer(
  outcome: Extract<PutOutcome, { kind: 'held' | 'stored' }>,
  ttlSeconds: number,
  nodeId: string,
): Answer {
  const isHeld = outcome.kind === 'held';
  const lines = `${STORED_LINES}x-ttl: ${ttlSeconds}\r
x-remaining-ttl: ${ttlSeconds}\r
x-repram-version: ${formatVersion(outcome.version)}\r
x-repram-acks: ${outcome.acks}/${outcome.expected}\r
x-repram-ack-hosts: ${outcome.hosts}/${outcome.expectedHosts}\r
x-repram-node: ${nodeId}\r
`;
  return { status: isHeld ? 201 : 202, lines, body: isHeld ? 'OK' : 'Accepted' };
}
