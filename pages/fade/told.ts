// Messages, from what nodes tell of values: by events and by answers.
import type { StoredValue } from '../node-api/data';
import type { Message } from './board';
import { contentOf, decodeContent, stampOf } from './message';

/** A put event that is what it should be. */
export interface PutEvent {
  readonly key: string;
  readonly version: string;
  readonly ttlSeconds: number;
  readonly remainingSeconds: number;
  readonly createdAtMs: number;
  /** Null when the event came without it: it is too large. */
  readonly value: string | Uint8Array | null;
}

/** @returns null when it is none. */
export function putEventIn(told: unknown): PutEvent | null {
  if (typeof told !== 'object' || told === null) return null;
  const event = told as Readonly<Record<string, unknown>>;
  const { key, version, ttl_seconds: ttlSeconds, remaining_seconds: remainingSeconds } = event;
  if (typeof key !== 'string' || (typeof version !== 'string' && typeof version !== 'number')) return null;
  if (typeof ttlSeconds !== 'number' || typeof remainingSeconds !== 'number') return null;
  return {
    key,
    version: String(version),
    ttlSeconds,
    remainingSeconds,
    createdAtMs: Date.parse(String(event.created_at)),
    value: valueIn(event),
  };
}

/** Key and version of an expire event; null when it is none. */
export function expireEventIn(told: unknown): { readonly key: string; readonly version: string } | null {
  if (typeof told !== 'object' || told === null) return null;
  const { key, version } = told as Readonly<Record<string, unknown>>;
  if (typeof key !== 'string' || (typeof version !== 'string' && typeof version !== 'number')) return null;
  return { key, version: String(version) };
}

export function messageOfEvent(event: PutEvent, value: string | Uint8Array): Message {
  return {
    key: event.key,
    version: event.version,
    content: typeof value === 'string' ? contentOf(value, true) : decodeContent(value, true),
    postedAtMs: Number.isFinite(event.createdAtMs) ? event.createdAtMs : stampOf(event.key, Date.now()),
    ttlSeconds: event.ttlSeconds,
  };
}

/** @param wallMs ms since 1970 */
export function messageOfAnswer(key: string, value: StoredValue, wallMs: number): Message {
  return {
    key,
    version: value.version,
    content: decodeContent(value.bytes, value.whole),
    postedAtMs: Number.isFinite(value.createdAtMs) ? value.createdAtMs : stampOf(key, wallMs),
    ttlSeconds: value.ttlSeconds,
  };
}

function valueIn({
  value,
  value_base64: base64,
}: Readonly<Record<string, unknown>>): string | Uint8Array | null {
  if (typeof value === 'string') return value;
  if (typeof base64 !== 'string') return null;
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
