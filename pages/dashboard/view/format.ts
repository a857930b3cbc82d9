// Figures as people read them: three digits at most, with their unit.

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const COUNT_UNITS = ['', 'k', 'M', 'G', 'T'];

/** "0 B", "1.5 KiB", "4.66 GiB". */
export function bytes(value: number): string {
  const [scaled, unit] = scale(value, 1024, BYTE_UNITS);
  return `${scaled} ${unit}`;
}

/** "0", "999", "12.3k". */
export function count(value: number): string {
  const [scaled, unit] = scale(value, 1000, COUNT_UNITS);
  return `${scaled}${unit}`;
}

/** Counts per second: "3/s". */
export function rate(value: number): string {
  return `${count(value)}/s`;
}

/** "0.41 ms", "12 ms", "1.5 s"; "–" when it is not known. */
export function duration(ms: number | null): string {
  if (ms === null) return '–';
  const size = Math.abs(ms);
  if (size >= 1000) return `${threeDigits(ms / 1000)} s`;
  return size < 0.005 ? '0 ms' : `${threeDigits(ms)} ms`;
}

/** The same with its sign, for what may be ahead or behind. */
export function offset(ms: number | null): string {
  if (ms === null) return '–';
  const text = duration(Math.abs(ms));
  if (text === '0 ms') return text;
  return `${ms < 0 ? '−' : '+'}${text}`;
}

/** How long something lasts or lasted: "now", "12 s", "3 min", "2 h", "5 d". */
export function span(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/**
 * The part of the limit that is in use: "0 %", "<1 %", "42 %". Full is told as 100 % only when it
 * is.
 */
export function share(used: number, limit: number): string {
  if (used <= 0 || limit <= 0) return '0 %';
  const percent = (used / limit) * 100;
  if (percent < 1) return '<1 %';
  return `${percent >= 100 ? 100 : Math.min(99, Math.round(percent))} %`;
}

/** "1 node", "3 nodes". */
export function several(many: number, one: string): string {
  return `${many} ${one}${many === 1 ? '' : 's'}`;
}

/** "a", "a and b", "a, b and c"; beyond three: "a, b and 5 more". */
export function listed(names: readonly string[]): string {
  const [first = '', second = ''] = names;
  if (names.length <= 1) return first;
  if (names.length === 2) return `${first} and ${second}`;
  if (names.length === 3) return `${first}, ${second} and ${names[2] ?? ''}`;
  return `${first}, ${second} and ${names.length - 2} more`;
}

function scale(value: number, base: number, units: readonly string[]): [string, string] {
  let scaled = Math.max(0, value);
  let index = 0;
  while (scaled >= base && index < units.length - 1) {
    scaled /= base;
    index += 1;
  }
  return [index === 0 ? String(Math.round(scaled)) : threeDigits(scaled), units[index] ?? ''];
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  return String(Number(value.toFixed(size >= 10 ? 1 : 2)));
}
