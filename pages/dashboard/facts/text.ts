// What strangers say, made into what can be shown and reckoned with.
import { printableName } from '../../words/printable';

const CHARACTERS_MAX = 64;

/** One short line of visible text; an empty one in place of what is no text. */
export function printable(value: unknown): string {
  if (typeof value !== 'string') return '';
  return printableName(value.slice(0, 4 * CHARACTERS_MAX), CHARACTERS_MAX);
}

/** A finite number, or `otherwise`. */
export function figure<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** An object to look into; an empty one in place of anything else. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
