// The launcher's log: one line per transition, in the same two formats as the nodes' logs and with
// the same budget for each event. It does without their library, so the launcher stays small. Lines
// are written before the call returns.
import type { LogFormat, LogLevel } from '../config/settings';
import { EventBudget } from '../output/event-budget';
import { plainJson } from '../output/plain-json';

export interface LauncherLog {
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  error(event: string, fields?: object): void;
}

export interface LauncherLogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly colors: boolean;
  readonly write: (line: string) => void;
}

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];
type LineLevel = 'info' | 'warn' | 'error';

export function createLauncherLog(options: LauncherLogOptions): LauncherLog {
  const line = options.format === 'json' ? jsonLine : options.colors ? colorLine : plainLine;
  const budget = new EventBudget({
    onWithheld: (withheld) => {
      for (const { event: of, lines } of withheld) log.warn('log-lines-withheld', { of, lines });
    },
  });
  const writer = (level: LineLevel) => {
    const heard = LEVELS.indexOf(level) >= LEVELS.indexOf(options.level);
    return (event: string, fields: object = {}): void => {
      if (heard && budget.admits(event)) options.write(plainJson(line(level, new Date(), event, fields)));
    };
  };
  const log: LauncherLog = { info: writer('info'), warn: writer('warn'), error: writer('error') };
  return log;
}

function jsonLine(level: LineLevel, time: Date, event: string, fields: object): string {
  return `${JSON.stringify({ level, time: time.toISOString(), event, ...fields })}\n`;
}

function plainLine(level: LineLevel, time: Date, event: string, fields: object): string {
  return `[${clockTime(time)}] ${level.toUpperCase()}: launcher ${event}${fieldsText(fields)}\n`;
}

function colorLine(level: LineLevel, time: Date, event: string, fields: object): string {
  const color = { info: 32, warn: 33, error: 31 }[level];
  const label = `\u001b[${color}m${level.toUpperCase()}\u001b[39m`;
  return `[${clockTime(time)}] ${label}: \u001b[36mlauncher ${event}\u001b[39m\u001b[90m${fieldsText(fields)}\u001b[39m\n`;
}

function fieldsText(fields: object): string {
  return Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
}

/** HH:MM:SS.mmm, local time. */
function clockTime(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}
