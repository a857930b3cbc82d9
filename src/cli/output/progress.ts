// How far a large value is on its way: a bar on the terminal of whoever waits, and nothing anywhere
// else. It is drawn at most ten times a second.
import type { Context } from '../context';
import { bytesText } from './text';

export interface Progress {
  /** @param doneBytes since the beginning of this try */
  readonly at: (doneBytes: number) => void;
  /** Takes the bar away. */
  readonly end: () => void;
}

/** Smaller values are there before anybody could look. */
const LEAST_BYTES = 262_144;
const EVERY_MS = 100;
const BAR_COLUMNS = 24;
const CLEAR_LINE = '\r\u001B[K';

export function createProgress(context: Context, verb: string, totalBytes: number | null): Progress {
  const { streams, isJson } = context;
  if (isJson || !streams.isNoteTerminal || (totalBytes !== null && totalBytes < LEAST_BYTES)) {
    return { at: () => undefined, end: () => undefined };
  }
  const startMs = performance.now();
  let drawnMs = -Infinity;
  return {
    at: (doneBytes) => {
      const nowMs = performance.now();
      if (nowMs - drawnMs < EVERY_MS) return;
      drawnMs = nowMs;
      streams.note(CLEAR_LINE + barText(verb, doneBytes, totalBytes, (nowMs - startMs) / 1000));
    },
    end: () => {
      if (drawnMs >= 0) streams.note(CLEAR_LINE);
    },
  };
}

export function barText(verb: string, doneBytes: number, totalBytes: number | null, seconds: number): string {
  const rate = seconds > 0 ? `${bytesText(doneBytes / seconds)}/s` : '';
  if (totalBytes === null) return `${verb} ${bytesText(doneBytes)}  ${rate}`;
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const full = Math.round(share * BAR_COLUMNS);
  const bar = `[${'#'.repeat(full)}${'-'.repeat(BAR_COLUMNS - full)}]`;
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return `${verb} ${bar} ${percent}  ${bytesText(doneBytes)} of ${bytesText(totalBytes)}  ${rate}`;
}
