// Whole numbers as people type them.
import { InputError } from '../cli-error';

/** Within least..most, both included. */
export function parseWhole(field: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,12}$/.test(text) && value >= least && value <= most) return value;
  throw new InputError(field, text, `a whole number from ${least} to ${most}`);
}
