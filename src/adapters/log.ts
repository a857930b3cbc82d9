// One log per node: one structured line per transition. It is handed to the output before the call
// returns, so that a crash loses none. No worker threads. pino-pretty is loaded only when the
// output is a terminal that somebody reads.
import { pino, type Logger } from 'pino';
import type * as PinoPretty from 'pino-pretty';
import { EventBudget } from '../output/event-budget';
import { plainJson } from '../output/plain-json';

/**
 * `event` names the transition (port-claimed, peer-joined ...). `fields` carry units in their
 * names, never values. Each event has a budget of lines a minute, except at `debug` and `trace`:
 * people who ask for them want to see all.
 */
export interface Log {
  trace(event: string, fields?: object): void;
  debug(event: string, fields?: object): void;
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  error(event: string, fields?: object): void;
}

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly format: 'pretty' | 'json';
  /** Displayed name of the node, on every line; null leaves it out. */
  readonly node: string | null;
  /** Takes whole lines; must not throw. */
  readonly destination: LineWriter;
}

export interface LineWriter {
  write(line: string): void;
}

export function createLog(options: LogOptions): Log {
  const destination: LineWriter = { write: (line) => options.destination.write(plainJson(line)) };
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.format === 'pretty' ? prettyStream(destination) : destination,
  );
  const named = options.node === null ? {} : { node: options.node };
  const budget = new EventBudget({
    onWithheld: (withheld) => {
      for (const { event: of, lines } of withheld) log.warn('log-lines-withheld', { of, lines });
    },
  });
  const log: Log = {
    trace: writer(logger, 'trace', named),
    debug: writer(logger, 'debug', named),
    info: budgeted(budget, logger, 'info', named),
    warn: budgeted(budget, logger, 'warn', named),
    error: budgeted(budget, logger, 'error', named),
  };
  return log;
}

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';
type Write = (event: string, fields?: object) => void;

function writer(logger: Logger, level: Level, named: object): Write {
  return (event, fields) => {
    logger[level]({ event, ...named, ...fields });
  };
}

function budgeted(budget: EventBudget, logger: Logger, level: Level, named: object): Write {
  if (!logger.isLevelEnabled(level)) return () => undefined;
  const write = writer(logger, level, named);
  return (event, fields) => {
    if (budget.admits(event)) write(event, fields);
  };
}

/** Formats each line within the call that logs it; pino-pretty's own stream would do so later. */
function prettyStream(destination: LineWriter): LineWriter {
  // It costs memory, so it is loaded only where it is used.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import loads it everywhere
  const { prettyFactory } = require('pino-pretty') as typeof PinoPretty;
  const format = prettyFactory({
    colorize: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    messageFormat: '{if node}{node} {end}{event}',
    ignore: 'node,event',
  });
  return {
    write: (line) => {
      destination.write(format(line));
    },
  };
}
