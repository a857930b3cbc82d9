// What reads that peers were asked for came to, as the engine's callers are told.
import assert from 'node:assert';
import type { FetchOutcome } from '../core/base/effects';
import type { Input } from '../core/base/inputs';
import type { Described, Fetched } from './data-engine';

/** A read for the core, but for the number by which it is settled. */
export type Question = Omit<Extract<Input, { kind: 'fetch' }>, 'kind' | 'requestId'>;

export function described(outcome: FetchOutcome): Described {
  switch (outcome.kind) {
    case 'found':
      return outcome.record;
    case 'described':
      return outcome.metadata;
    case 'absent':
      return null;
    case 'unknown':
    case 'busy':
      return outcome.kind;
  }
}

/** Of a read that asked for the value: metadata alone is no answer to it. */
export function whole(found: Described): Fetched {
  if (found === null || typeof found === 'string') return found;
  assert('value' in found, 'a read of a value came to its metadata');
  return found;
}
