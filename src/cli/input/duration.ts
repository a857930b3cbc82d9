// Spans of time as people type them.
import { InputError } from '../cli-error';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

type Unit = keyof typeof SECONDS;

const ALLOWED = 'seconds such as 600, or a number with a unit such as 90s, 10m, 1h30m, 1d';
const WHOLE = /^(?:\d{1,9}(?:\.\d{1,3})?|(?:\d{1,9}(?:\.\d{1,3})?[smhd])+)$/;

/** `600`, `90s`, `10m`, `1h30m`: seconds, more than 0. */
export function parseSeconds(field: string, text: string): number {
  if (!WHOLE.test(text)) throw new InputError(field, text, ALLOWED);
  const seconds = [...text.matchAll(/([\d.]+)([smhd]?)/g)].reduce((sum, [, amount, unit]) => {
    return sum + Number(amount) * (unit === '' ? 1 : SECONDS[unit as Unit]);
  }, 0);
  if (seconds > 0) return seconds;
  throw new InputError(field, text, `more than zero: ${ALLOWED}`);
}
