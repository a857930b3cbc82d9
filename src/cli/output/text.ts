// Numbers and tables as people read them.

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** 12 B, 1.5 kB, 230 MB: powers of ten, up to three digits. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

/** 45 s, 10 min, 3 h 20 min, 2 d 4 h: the two largest units. */
export function secondsText(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return '0 s';
  const shown = parts.slice(first, first + 2).filter(([amount]) => amount > 0);
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** 0.42 ms, 12.3 ms, 250 ms. */
export function millisecondsText(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
}

/** A node's address without what says nothing. */
export function placeText(url: string): string {
  return url.replace(/^http:\/\//, '').replace(/\/$/, '');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

const COLORS = /\u001B\[\d+m/g;

/** Columns on a terminal. */
export function widthOf(text: string): number {
  return text.replace(COLORS, '').length;
}

export type Side = 'left' | 'right';

/** Lines with columns aligned; no white space at their ends. */
export function tableLines(rows: readonly (readonly string[])[], sides: readonly Side[] = []): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        const gap = ' '.repeat(width - widthOf(cell));
        return sides[column] === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}
