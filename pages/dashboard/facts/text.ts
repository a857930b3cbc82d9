// Names come from other nodes. Whatever they hold, they stay one short line of visible text.

const LENGTH_MAX = 64;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** At most 64 characters, without controls, marks of direction and line breaks. */
export function printable(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .slice(0, 4 * LENGTH_MAX)
    .replace(UNSEEN, '')
    .slice(0, LENGTH_MAX);
}

/** A finite number, or `otherwise`. */
export function figure<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** An object to look into; an empty one in place of anything else. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
