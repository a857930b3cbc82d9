// `repram top`: all nodes, again and again. A terminal gets a table that is drawn anew. Whatever
// else reads gets a line for each look.
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { LONGEST_TIMER, parseSeconds } from '../input/duration';
import { parseWhole } from '../input/numbers';
import { noNode } from '../network/first-node';
import { Looker, type Look } from '../top/look';
import { logHead, logLine, lookDocument, lookLines } from '../top/look-text';

export interface TopOptions {
  readonly interval: string;
  readonly once?: boolean;
  readonly limit?: string;
}

type Show = (look: Look, turn: number) => Promise<void>;

const LINES_BELOW_A_HEAD = 20;
/** An empty one, the last one, and the one where the cursor stays. */
const FOOT_LINES = 3;
const CLEAR = '\u001B[H\u001B[J';
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';

export async function top(context: Context, _args: unknown, options: object): Promise<Ending> {
  const { interval, once, limit } = options as TopOptions;
  const intervalMs = parseSeconds('--interval', interval, LONGEST_TIMER) * 1000;
  const looks = once === true ? 1 : limit === undefined ? Infinity : parseWhole('--limit', limit, 1, 1e9);
  const isScreen = context.streams.isTerminal && !context.isJson && once !== true;
  const show = context.isJson
    ? asDocument(context)
    : isScreen
      ? onScreen(context)
      : once === true
        ? asTable(context)
        : asLines(context);
  if (isScreen) await context.streams.write(HIDE_CURSOR);
  try {
    return await repeat(context, { intervalMs, looks, show });
  } finally {
    if (isScreen) await context.streams.write(SHOW_CURSOR);
  }
}

interface Repetition {
  readonly intervalMs: number;
  readonly looks: number;
  readonly show: Show;
}

/** Ends with the last look; the first one that finds no node ends it too. */
async function repeat(context: Context, { intervalMs, looks, show }: Repetition): Promise<Ending> {
  const looker = new Looker(context);
  for (let turn = 0; turn < looks; turn += 1) {
    if (turn > 0) await delay(intervalMs, undefined, { signal: context.stop });
    const look = await looker.look();
    if (look.nodes.length === 0 && turn === 0) throw noNode(context);
    await show(look, turn);
  }
  return 'done';
}

function asDocument(context: Context): Show {
  return (look) => context.document(lookDocument(look));
}

function asTable({ paint, line, streams }: Context): Show {
  return async (look) => {
    const columns = streams.isTerminal ? streams.columns() : Infinity;
    for (const each of lookLines(look, paint, columns)) await line(each);
  };
}

function asLines({ line }: Context): Show {
  return async (look, turn) => {
    if (turn % LINES_BELOW_A_HEAD === 0) await line(logHead());
    await line(logLine(look));
  };
}

function onScreen({ paint, streams, nodes }: Context): Show {
  return async (look) => {
    const title = `${paint('bold', 'repram top')}  ${nodes.told}  ${look.at.toISOString().slice(11, 19)} UTC`;
    const lines = [title, ...lookLines(look, paint, streams.columns())];
    const room = streams.rows() - FOOT_LINES;
    const hidden = Math.max(0, lines.length - room);
    const foot = hidden > 0 ? `${hidden} more nodes; Ctrl-C ends it` : 'Ctrl-C ends it';
    const shown = [...lines.slice(0, room), '', paint('dim', foot)];
    await streams.write(`${CLEAR}${shown.join('\n')}\n`);
  };
}
