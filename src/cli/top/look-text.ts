// A look as a table for a terminal, as a line for a log, and as JSON.
import type { Paint } from '../output/paint';
import { stateText } from '../output/state';
import {
  bytesText,
  countText,
  millisecondsText,
  plural,
  secondsText,
  tableLines,
  widthOf,
} from '../output/text';
import { totalsOf, type Look, type NodeRow } from './look';

const HEAD = ['NODE', 'ADDRESS', 'STATE', 'KEYS', 'BYTES', 'PUT/S', 'GET/S', 'LAG', 'LOOP', 'ANSWER', 'UP'];
const LEFT: ReadonlySet<string> = new Set(['NODE', 'ADDRESS', 'STATE']);
/** What a narrow terminal does without, the first one first. */
const LEFT_OUT = ['UP', 'ANSWER', 'LOOP', 'GET/S', 'PUT/S', 'BYTES', 'ADDRESS'];

/**
 * Lag is the number of writes that a node knows of and does not hold yet.
 *
 * @param columns what fits beside each other, as far as columns can be left out
 */
export function lookLines(look: Look, paint: Paint, columns = Infinity): string[] {
  const totals = totalsOf(look);
  const summary = [
    `${totals.answering} of ${plural(totals.nodes, 'node')} answering`,
    `${plural(totals.keys, 'key')}, ${bytesText(totals.usedBytes)}`,
    `${countText(totals.putsPerSecond)} put/s, ${countText(totals.getsPerSecond)} get/s`,
  ];
  const head = HEAD.map((title) => paint('bold', title));
  const rows = [head, ...look.nodes.map((row) => cells(row, paint))];
  return [summary.join('   '), '', ...fitting(rows, columns)];
}

function fitting(rows: readonly (readonly string[])[], columns: number): string[] {
  const titles = [...HEAD];
  const places = titles.map((_, place) => place);
  const left = [...LEFT_OUT];
  for (;;) {
    const sides = places.map((place) => (LEFT.has(titles[place]) ? 'left' : 'right'));
    const lines = tableLines(
      rows.map((row) => places.map((place) => row[place])),
      sides,
    );
    const title = left.shift();
    if (title === undefined || lines.every((line) => widthOf(line) <= columns)) return lines;
    places.splice(places.indexOf(titles.indexOf(title)), 1);
  }
}

function cells({ name, address, state, digest, answerMs, uptimeSeconds }: NodeRow, paint: Paint): string[] {
  const { missingWrites } = digest;
  const lag = countText(missingWrites);
  return [
    name,
    address,
    stateText(state, paint),
    countText(digest.keys),
    bytesText(digest.usedBytes),
    countText(digest.putsPerSecond),
    countText(digest.getsPerSecond),
    missingWrites > 0 ? paint('yellow', lag) : lag,
    millisecondsText(digest.loopDelayMs),
    answerMs === null ? '-' : millisecondsText(answerMs),
    uptimeSeconds === null ? '-' : secondsText(uptimeSeconds),
  ];
}

const COLUMNS = [
  ['time', 8],
  ['nodes', 7],
  ['keys', 11],
  ['bytes', 9],
  ['put/s', 9],
  ['get/s', 9],
  ['lag', 7],
  ['loop', 9],
] as const;

export function logHead(): string {
  return COLUMNS.map(([title, width]) => title.padStart(width)).join(' ');
}

export function logLine(look: Look): string {
  const totals = totalsOf(look);
  const values = [
    look.at.toISOString().slice(11, 19),
    `${totals.answering}/${totals.nodes}`,
    countText(totals.keys),
    bytesText(totals.usedBytes),
    countText(totals.putsPerSecond),
    countText(totals.getsPerSecond),
    countText(totals.missingWrites),
    millisecondsText(totals.loopDelayMs),
  ];
  return values.map((value, column) => value.padStart(COLUMNS[column][1])).join(' ');
}

export function lookDocument(look: Look): object {
  const totals = totalsOf(look);
  return {
    at: look.at.toISOString(),
    nodes: look.nodes.map(({ id, name, address, state, uptimeSeconds, answerMs, digest }) => ({
      node_id: id,
      name,
      address,
      state,
      uptime_seconds: uptimeSeconds,
      answer_ms: answerMs,
      keys: digest.keys,
      used_bytes: digest.usedBytes,
      puts_per_second: digest.putsPerSecond,
      gets_per_second: digest.getsPerSecond,
      missing_writes: digest.missingWrites,
      loop_delay_ms: digest.loopDelayMs,
    })),
    totals: {
      nodes: totals.nodes,
      answering: totals.answering,
      keys: totals.keys,
      used_bytes: totals.usedBytes,
      puts_per_second: totals.putsPerSecond,
      gets_per_second: totals.getsPerSecond,
      missing_writes: totals.missingWrites,
    },
  };
}
