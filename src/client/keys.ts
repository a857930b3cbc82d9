// Keys and parameters as they stand in the address of a request.
import { shown } from './checks';
import { RepramError } from './errors';
import type { Key } from './options';

/**
 * The key as text. Keys are UTF-8, so their bytes are text as well.
 *
 * @throws RepramError `argument-invalid`
 */
export function keyText(key: Key): string {
  if (typeof key !== 'string' && !ArrayBuffer.isView(key))
    throw invalid(`it is ${shown(key)}, not text or bytes`);
  const text = typeof key === 'string' ? key : decode(key);
  if (text === '') throw invalid('it is empty');
  // A dot, even a percent-encoded one, is a step in a path, and URLs leave it out.
  if (text === '.' || text === '..') throw invalid('no URL can name a key of dots alone');
  return text;
}

/** @throws RepramError `argument-invalid` */
export function keyPath(text: string): string {
  try {
    return `data/${encodeURIComponent(text)}`;
  } catch {
    throw invalid('it is not Unicode: half a surrogate pair');
  }
}

/**
 * Paths that proxies may change: with an empty segment, a segment of dots alone, a percent sign or
 * a backslash. A slash alone is the same raw and encoded.
 */
const CHANGEABLE = /(?:^|\/)\.{0,2}(?:\/|$)|[%\\]/;

/** The key as it is meant, where the path may not arrive as it was sent. */
export function keyHeaders(text: string): Record<string, string> {
  return CHANGEABLE.test(text) ? { 'x-repram-key': encodeURIComponent(text) } : {};
}

/** `?a=1&b=2` of what is given, or nothing. @throws RepramError `argument-invalid` */
export function queryText(parameters: Readonly<Record<string, string | undefined>>): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    try {
      parts.push(`${name}=${encodeURIComponent(value)}`);
    } catch {
      throw new RepramError('argument-invalid', `${name} is not Unicode: half a surrogate pair.`);
    }
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** In the bytewise order of their UTF-8, in which nodes list them. */
export function isBehind(key: string, other: string): boolean {
  const [bytes, before] = [key, other].map((text) => new TextEncoder().encode(text));
  const length = Math.min(bytes.length, before.length);
  for (let at = 0; at < length; at += 1) if (bytes[at] !== before[at]) return bytes[at] > before[at];
  return bytes.length > before.length;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid('its bytes are not UTF-8');
  }
}

function invalid(why: string): RepramError {
  return new RepramError('argument-invalid', `The key cannot be used: ${why}.`);
}
