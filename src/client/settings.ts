// The options of a client, read once.
import { nodeAddress } from './addresses';
import { checkClientOptions } from './checks';
import { Encryption } from './encryption';
import { RepramError } from './errors';
import type { CallLimits } from './call';
import type { RepramOptions } from './options';

const TIMEOUT_MS = 10_000;
const RETRIES = 20;
const HEDGE_MS = 500;
/** A node has two seconds for a write, and as long for a read that others must answer. */
const SILENCE_MS = 5000;
/** The most that a node can be set to take. */
export const VALUE_BYTES_MAX = 32 * 1024 * 1024;

export type Fetch = typeof fetch;

export interface Settings {
  readonly nodes: readonly [string, ...string[]];
  readonly limits: CallLimits;
  readonly learnsNodes: boolean;
  readonly fetch: Fetch;
  readonly encryption: Encryption | null;
  readonly valueBytesMax: number;
}

/** @throws RepramError `argument-invalid` */
export function readSettings(options: RepramOptions): Settings {
  checkClientOptions(options);
  const given = typeof options.nodes === 'string' ? options.nodes.split(',') : options.nodes;
  const [first, ...others] = new Set(given.filter((text) => text.trim() !== '').map(nodeAddress));
  if (given.every((text) => text.trim() === ''))
    throw new RepramError('argument-invalid', 'nodes names no node.');
  const hedgeMs = positive('hedgeMs', options.hedgeMs ?? HEDGE_MS);
  return {
    nodes: [first, ...others],
    limits: {
      timeoutMs: positive('timeoutMs', options.timeoutMs ?? TIMEOUT_MS),
      triesMax: 1 + natural('retries', options.retries ?? RETRIES),
      hedgeMs,
      silenceMs: Math.max(SILENCE_MS, 2 * hedgeMs),
    },
    learnsNodes: options.learnNodes ?? true,
    // Called as a function of nobody: browsers refuse it as a method.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    encryption: options.encryptionKey === undefined ? null : new Encryption(options.encryptionKey),
    valueBytesMax: natural('valueBytesMax', options.valueBytesMax ?? VALUE_BYTES_MAX),
  };
}

/** Longer times make timers of the platform end at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export function positive(name: string, value: number): number {
  if (value > 0 && value <= TIMER_MS_MAX) return value;
  throw new RepramError('argument-invalid', `${name} is ${value}; it must be above 0, and at most 24 days.`);
}

export function natural(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RepramError('argument-invalid', `${name} is ${value}; it must be a whole number from 0 on.`);
}
