// Spans of time as people type them.
import { InputError } from '../cli-error';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

type Unit = keyof typeof SECONDS;

const ALLOWED = 'seconds such as 600, or a number with a unit such as 90s, 10m, 1h30m, 1d';
const WHOLE = /^(?:\d{1,9}(?:\.\d{1,3})?|(?:\d{1,9}(?:\.\d{1,3})?[smhd])+)$/;

/** Longer spans of timers end at once. */
export const LONGEST_TIMER = '24d';
/** Three thousand years: whoever types more has slipped. */
const LONGEST = '1000000d';

/** `600`, `90s`, `10m`, `1h30m`: seconds, more than 0 and at most as many as `most` says. */
export function parseSeconds(field: string, text: string, most = LONGEST): number {
  const seconds = read(field, text);
  if (seconds <= 0) throw new InputError(field, text, `more than zero: ${ALLOWED}`);
  if (seconds > read(field, most)) throw new InputError(field, text, `at most ${most}`);
  return seconds;
}

function read(field: string, text: string): number {
  if (!WHOLE.test(text)) throw new InputError(field, text, ALLOWED);
  const parts = [...text.matchAll(/([\d.]+)([smhd]?)/g)];
  if (new Set(parts.map(([, , unit]) => unit)).size < parts.length)
    throw new InputError(field, text, 'each unit once, as in 1h30m');
  return parts.reduce((sum, [, amount, unit]) => {
    return sum + Number(amount) * (unit === '' ? 1 : SECONDS[unit as Unit]);
  }, 0);
}
