// Conditions of a write: If-Match and If-None-Match (RFC 9110, 13.1). They are judged by the newest
// version this node knows, in one step with the write. Writers on other nodes at the same moment
// are not seen: the last of them wins. Pure.
import { matchesEtag, matchesEtagStrongly } from '../../http/etag';

export interface WriteCondition {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** Why a conditional write was not done. */
export interface Unmet {
  readonly kind: 'unmet';
  /** Of the version that is here, null when none is. */
  readonly etag: string | null;
}

/** `*`, or a list of entity tags, which may have empty elements. */
const ENTITY_TAGS = /^\s*\*\s*$|^[\s,]*(?:W\/)?"[^"]*"(?:\s*,[\s,]*(?:W\/)?"[^"]*")*[\s,]*$/;

/** A text that is no list of tags would match nothing, and If-None-Match then guard nothing. */
export function isConditionText(text: string): boolean {
  return ENTITY_TAGS.test(text);
}

/** @param etag of the live value, null when there is none */
export function conditionHolds({ ifMatch, ifNoneMatch }: WriteCondition, etag: string | null): boolean {
  if (ifMatch !== undefined && (etag === null || !matchesEtagStrongly(ifMatch, etag))) return false;
  return etag === null || !matchesEtag(ifNoneMatch, etag);
}
