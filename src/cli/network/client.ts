// The client of the network, as the commands use it, and what its errors mean for a person.
import { Repram, RepramError } from '../../client/index';
import { withinTime } from '../../config/time-limit';
import { CliError, InterruptedError } from '../cli-error';
import type { Context } from '../context';
import { placeText } from '../output/text';
import { noNode } from './first-node';
import { plainFetch } from './plain-fetch';

export function connect({ nodes, limitMs }: Context): Repram {
  return new Repram({ nodes: nodes.urls, timeoutMs: limitMs, fetch: plainFetch });
}

/** What an operation of the client comes to; its errors as the command line tells them. */
export async function calling<T>(context: Context, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw meaningOf(error, context);
  }
}

export function meaningOf(error: unknown, context: Context): unknown {
  if (context.stop.aborted) return new InterruptedError();
  if (!(error instanceof RepramError)) return error;
  if (error.code === 'no-node') return noNode(context);
  // Of what is aborted here, only `untilLimit` is left.
  if (error.code === 'aborted') return tooSlow(context);
  // The file that was being sent.
  if (error.cause instanceof CliError) return error.cause;
  const { code, problem, node } = error;
  const where = node === null ? '' : `${placeText(node)}: `;
  const message = `${where}${problem === null ? error.message : problem.detail}`.replace(/\.$/, '');
  const ending = code === 'argument-invalid' ? 'usage' : 'failed';
  return new CliError({ ending, code, message, advice: ADVICE[code] ?? '' });
}

/** Aborted as well when as much time is over as somebody has set for the whole operation. */
export function untilLimit({ stop, isLimitGiven, limitMs }: Context, waitSeconds: number): AbortSignal {
  return isLimitGiven ? withinTime(limitMs + waitSeconds * 1000, stop) : stop;
}

function tooSlow({ limitMs }: Context): CliError {
  const message = `the value was not there whole within ${limitMs / 1000} s`;
  return new CliError({ ending: 'failed', code: 'timeout', message, advice: ADVICE.timeout ?? '' });
}

const ADVICE: Partial<Record<RepramError['code'], string>> = {
  timeout: 'see how the nodes are with repram doctor, or give it longer with --timeout',
  'storage-full': 'see how full the nodes are with repram top',
  'client-quota': 'try a shorter --ttl',
  'answer-invalid': 'see whether --node names REPRAM nodes',
};
