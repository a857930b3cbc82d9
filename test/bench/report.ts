// What a bench hands back: tables for a person, and the same figures as plain data for a program.
import type { Summary } from './statistics';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The columns, of one unit, that a picture of this table shows as bars. */
  readonly bars?: readonly string[];
}

export interface Report {
  readonly tables: readonly Table[];
  /** One sentence each: what qualifies the figures. */
  readonly notes: readonly string[];
  /** Everything measured, in units that the names say. */
  readonly data: object;
}

export const SUMMARY_COLUMNS = ['samples', 'p50', 'p99', 'max'];
export const SUMMARY_BARS = ['p50', 'p99'];

/** Rows of a name, the cells of a summary, and the target. */
export function summaryTable(title: string, rows: Table['rows']): Table {
  return { title, columns: ['', ...SUMMARY_COLUMNS, 'target'], rows, bars: SUMMARY_BARS };
}

/** The cells of SUMMARY_COLUMNS, in milliseconds. */
export function summaryCells({ samples, p50, p99, max }: Summary): string[] {
  return [String(samples), ...[p50, p99, max].map(milliseconds)];
}

/** Two or three significant digits. */
export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

/** 100 B, 10 KB, 1 MB: powers of ten. */
export function size(bytes: number): string {
  if (bytes >= 1_000_000) return `${bytes / 1_000_000} MB`;
  return bytes >= 1000 ? `${bytes / 1000} KB` : `${bytes} B`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** Columns aligned, the first to the left and all others to the right. */
export function tableText({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const text = lines.map((line) =>
    widths
      .map((width, column) => (line[column] ?? '')[column === 0 ? 'padEnd' : 'padStart'](width))
      .join('  ')
      .trimEnd(),
  );
  return `${title}\n${text.map((line) => `  ${line}`).join('\n')}\n`;
}
