// The first node of the list that answers, for what any node can tell.
import { CliError } from '../cli-error';
import type { Context } from '../context';
import { placeText } from '../output/text';
import { ask } from './ask';

export interface FirstAnswer {
  readonly url: string;
  readonly body: unknown;
}

export async function firstAnswer(context: Context, path: string): Promise<FirstAnswer> {
  for (const url of context.nodes.urls) {
    const answer = await ask(`${url}${path}`, context);
    if (answer.kind === 'answer' && answer.status === 200 && answer.body !== undefined)
      return { url, body: answer.body };
  }
  throw noNode(context);
}

/** Something answers, as no node does. */
export function noNodeAt(url: string): CliError {
  return new CliError({
    ending: 'failed',
    code: 'answer-invalid',
    message: `${placeText(url)} answers, and is no node`,
    advice: 'see whether --node names REPRAM nodes',
  });
}

export function noNode({ nodes }: Context): CliError {
  const advice = nodes.isNamed
    ? 'repram doctor says more'
    : 'start some with repram start, or name others with --node or REPRAM_NODES';
  return new CliError({
    ending: 'no-node',
    code: 'no-node',
    message: `no node answers at ${nodes.told}`,
    advice,
  });
}
