// Arithmetic and wording of lifetimes; no DOM, no clock of its own.

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface Told {
  readonly remainingSeconds: number;
  /** Ms since 1970 by the clock of the node that was written to; NaN when not told. */
  readonly createdAtMs: number;
  readonly ttlSeconds: number;
  readonly roundTripMs: number;
}

export interface Countdown {
  readonly figure: string;
  readonly unit: string;
}

/**
 * Milliseconds a value still has to live when its answer arrives. The answer tells whole seconds,
 * rounded down. The writer's time stamp refines that to the millisecond when this computer's clock
 * agrees, and is overruled when not.
 *
 * @param wallMs this computer's time, ms since 1970
 */
export function remainingMs(told: Told, wallMs: number): number {
  const byClock = told.createdAtMs + told.ttlSeconds * 1000 - wallMs;
  const earliest = Math.max(0, told.remainingSeconds * 1000 - told.roundTripMs);
  const latest = told.remainingSeconds * 1000 + 999;
  return Number.isFinite(byClock) ? Math.min(latest, Math.max(earliest, byClock)) : earliest;
}

/** Share of its life a message still has, 0 to 1. */
export function shareLeft(leftMs: number, ttlSeconds: number): number {
  return ttlSeconds > 0 ? Math.min(1, Math.max(0, leftMs / (ttlSeconds * 1000))) : 0;
}

/**
 * The countdown: `23:05 hours`, `59:07 minutes`, `42 seconds`. Rounded up, so that it never shows
 * zero for what is still there.
 */
export function countdown(leftMs: number): Countdown {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  if (seconds < 60) return { figure: String(seconds), unit: seconds === 1 ? 'second' : 'seconds' };
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return { figure: `${minutes}:${twoDigits(seconds % 60)}`, unit: 'minutes' };
  return { figure: `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}`, unit: 'hours' };
}

/** A lifetime in words: `5 minutes`, `1 hour`, `1 hour 30 minutes`, `90 seconds`. */
export function inWords(seconds: number): string {
  if (seconds < 120 && seconds % 60 !== 0) return counted(seconds, 'second');
  const minutes = Math.round((seconds * 1000) / MINUTE_MS);
  const hours = Math.floor((minutes * MINUTE_MS) / HOUR_MS);
  const parts: string[] = [];
  if (hours > 0) parts.push(counted(hours, 'hour'));
  if (minutes % 60 > 0) parts.push(counted(minutes % 60, 'minute'));
  return parts.length === 0 ? counted(seconds, 'second') : parts.join(' ');
}

/** `1 message`, `2 messages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
