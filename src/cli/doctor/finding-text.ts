// Findings as people read them.
import type { Paint, Style } from '../output/paint';
import { plural } from '../output/text';
import type { Finding, Verdict } from './finding';

const WORDS = { ok: 'ok', warning: 'warn', problem: 'FAIL', skipped: '-' } as const satisfies Record<
  Verdict,
  string
>;
const STYLES = { ok: 'green', warning: 'yellow', problem: 'red', skipped: 'dim' } as const satisfies Record<
  Verdict,
  Style
>;

const WORD_COLUMNS = 6;
const CHECK_COLUMNS = 10;
const INDENT = ' '.repeat(WORD_COLUMNS + CHECK_COLUMNS);
/** Narrower is read with more trouble than a line that the terminal breaks. */
const TEXT_COLUMNS_MIN = 40;

/** @param columns where lines are broken; Infinity = nowhere */
export function findingLines(
  { check, verdict, sentence, advice }: Finding,
  paint: Paint,
  columns: number,
): string[] {
  const room = Math.max(TEXT_COLUMNS_MIN, columns - INDENT.length);
  const [first, ...rest] = wrapped(sentence, room);
  const word = paint(STYLES[verdict], WORDS[verdict].padEnd(WORD_COLUMNS));
  const advised = advice === '' ? [] : wrapped(`-> ${advice}`, room);
  return [
    `${word}${check.padEnd(CHECK_COLUMNS)}${verdict === 'skipped' ? paint('dim', first) : first}`,
    ...rest.map((text) => INDENT + text),
    ...advised.map((text) => INDENT + paint('bold', text)),
  ];
}

export function summaryOf(found: readonly Finding[]): string {
  const count = (verdict: Verdict): number => found.filter((finding) => finding.verdict === verdict).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (problems + warnings === 0) return 'Nothing is wrong.';
  return `${plural(problems, 'problem')}, ${plural(warnings, 'warning')}.`;
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > columns && line !== '') {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
