// What a write asks for, understood before a byte of its value is read. What this node cannot
// honour is refused. Otherwise a client that asked for it would believe that it was done.
import type { IncomingHttpHeaders } from 'node:http';
import { givenText } from '../../http/given-text';
import { listed } from '../../http/list-field';
import type { ProblemCode } from '../../http/problem-codes';
import { parameterReader } from '../../http/query-string';
import { splitDataTarget } from '../../http/request-target';
import type { WriteLevel } from '../../runtime/data-engine';
import type { KeyReading } from './data-key';
import { readStatedKey } from './stated-key';
import { readTtl, type TtlRules, ttlAdvice } from './ttl';
import { isConditionText, type WriteCondition } from './write-condition';
import { readWriteLevel } from './write-level';

export interface WriteRequest {
  readonly kind: 'write';
  readonly key: Uint8Array;
  readonly ttlSeconds: number;
  readonly level: WriteLevel;
  /** Null when the write is unconditional. */
  readonly condition: WriteCondition | null;
  /** Not to be done once its client has hung up. */
  readonly isAttended: boolean;
}

export interface WriteRefusal {
  readonly kind: 'refused';
  readonly code: ProblemCode;
  readonly detail: string;
}

export type WriteReading =
  | WriteRequest
  | WriteRefusal
  | { readonly kind: 'key'; readonly reading: Exclude<KeyReading, { kind: 'key' }> };

export interface WriteRules {
  readonly ttlRules: TtlRules;
  readonly keyBytesMax: number;
}

const readParameters = parameterReader(['ttl', 'w']);
const ATTENDED = 'x-repram-connected';

/** @param target as it was sent, in origin-form */
export function readWriteRequest(
  target: string,
  headers: IncomingHttpHeaders,
  { ttlRules, keyBytesMax }: WriteRules,
): WriteReading {
  const { encodedKey, query } = splitDataTarget(target);
  const key = readStatedKey(encodedKey, headers, keyBytesMax);
  if (key.kind !== 'key') return { kind: 'key', reading: key };
  const parameters = readParameters(query);
  if (parameters.kind === 'invalid') return refused('query-invalid', parameters.problem);
  const { ttl: ttlText, w } = parameters.values;
  const ttl = readTtl(ttlText, headers['x-ttl'] as string | undefined, ttlRules);
  if (ttl.kind !== 'ttl') return refused('ttl-invalid', ttlAdvice(ttl.given, ttlRules));
  const level = readWriteLevel(w);
  if (level === null)
    return refused('level-invalid', `w takes 1, quorum or all (given: ${givenText(w ?? '')}).`);
  const dishonoured = unsupported(headers);
  if (dishonoured !== null) return dishonoured;
  return {
    kind: 'write',
    key: key.bytes,
    ttlSeconds: ttl.seconds,
    level,
    condition: conditionOf(headers),
    isAttended: headers[ATTENDED] !== undefined,
  };
}

/** Headers that change what a write means, in a way this node does not know. */
function unsupported(headers: IncomingHttpHeaders): WriteRefusal | null {
  if (headers['content-range'] !== undefined) {
    return refused(
      'content-range-refused',
      'Send the whole value, without Content-Range; nothing was stored.',
    );
  }
  const coding = headers['content-encoding'];
  if (coding !== undefined && listed(coding).some((each) => each.toLowerCase() !== 'identity')) {
    return refused(
      'content-coding-unsupported',
      `Values are kept as bare bytes, and a reader would not learn of the encoding. Send them without Content-Encoding (given: ${givenText(coding)}).`,
    );
  }
  const transfer = headers['transfer-encoding'];
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    return refused(
      'transfer-coding-unsupported',
      `The only transfer coding that is understood here is chunked (given: ${givenText(transfer)}).`,
    );
  }
  if (headers['if-unmodified-since'] !== undefined) {
    return refused(
      'precondition-unsupported',
      'Seconds are too coarse to tell versions apart; use If-Match.',
    );
  }
  const attended = headers[ATTENDED];
  if (attended !== undefined && attended !== 'required') {
    const detail = `X-Repram-Connected takes required (given: ${givenText(String(attended))}).`;
    return refused('precondition-invalid', detail);
  }
  return malformed('If-Match', headers['if-match']) ?? malformed('If-None-Match', headers['if-none-match']);
}

function malformed(name: string, text: string | undefined): WriteRefusal | null {
  if (text === undefined || isConditionText(text)) return null;
  const detail = `${name} takes * or entity tags in double quotes (given: ${givenText(text)}).`;
  return refused('precondition-invalid', detail);
}

function conditionOf(headers: IncomingHttpHeaders): WriteCondition | null {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  return ifMatch === undefined && ifNoneMatch === undefined ? null : { ifMatch, ifNoneMatch };
}

function refused(code: ProblemCode, detail: string): WriteRefusal {
  return { kind: 'refused', code, detail };
}
