// One log per node: one structured line per transition, written to standard output before the call returns, so that
// a crash loses none. No worker threads; pino-pretty is loaded only when someone reads along on a terminal.
import { pino, type DestinationStream, type Logger } from 'pino';
import type * as PinoPretty from 'pino-pretty';

/** `event` names the transition (port-claimed, peer-joined ...); `fields` carry units in their names, never values. */
export interface Log {
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
  /** Where the lines go; standard output when left out. */
  readonly destination?: DestinationStream;
}

export function createLog(options: LogOptions): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.format === 'pretty' ? prettyStream(options.destination) : jsonStream(options.destination),
  );
  const named = options.node === null ? {} : { node: options.node };
  return {
    debug: writer(logger, 'debug', named),
    info: writer(logger, 'info', named),
    warn: writer(logger, 'warn', named),
    error: writer(logger, 'error', named),
  };
}

function writer(logger: Logger, level: 'debug' | 'info' | 'warn' | 'error', named: object) {
  return (event: string, fields?: object): void => {
    logger[level]({ event, ...named, ...fields });
  };
}

function jsonStream(destination: DestinationStream | undefined): DestinationStream {
  return destination ?? pino.destination({ dest: 1, sync: true });
}

/** Formats each line within the call that logs it; pino-pretty's own stream would write it later. */
function prettyStream(destination: DestinationStream | undefined): DestinationStream {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- costs memory: loaded only where it is used
  const { prettyFactory } = require('pino-pretty') as typeof PinoPretty;
  const format = prettyFactory({
    colorize: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    messageFormat: '{if node}{node} {end}{event}',
    ignore: 'node,event',
  });
  const lines = jsonStream(destination);
  return {
    write: (line) => {
      lines.write(format(line));
    },
  };
}
