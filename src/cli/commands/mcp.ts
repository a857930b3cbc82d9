// `repram mcp`: the server of tools for models, on standard input and output.
import { readRelease } from '../../config/release';
import { runMcp } from '../../mcp/run-mcp';
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { calling } from '../network/client';

/** Nobody named nodes: it has one of its own. */
export async function mcp(context: Context): Promise<Ending> {
  const { nodes, limitMs: timeoutMs, environment, stop } = context;
  await calling(context, () =>
    runMcp({
      nodes: nodes.isNamed ? nodes.urls : [],
      version: readRelease(),
      environment: environment.all,
      stop,
      timeoutMs,
    }),
  );
  return 'done';
}
