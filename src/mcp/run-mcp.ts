// `repram mcp`: REPRAM as tools for a model, over standard input and output (docs/mcp.md).
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Repram } from '../client';
import { EmbeddedNode, type Environment } from './embedded-node';
import { LineTransport } from './line-transport';
import { loadSdk, type CallResult, type Sdk, type SdkServer } from './sdk';
import { callTool, toolList } from './tools';

export interface McpOptions {
  /** Addresses of nodes; an empty list: a node of its own. */
  readonly nodes: readonly string[];
  /** Of REPRAM, which the server names. */
  readonly version: string;
  /** For the own node: settings and what programs need. */
  readonly environment: Environment;
  /** Ends it. */
  readonly stop: AbortSignal;
  /** The program of a node. Default: `node.js` beside this file. */
  readonly nodeScript?: string;
  /** For one call with all that is tried. Default: the client's. */
  readonly timeoutMs?: number;
  /** Default: those of the process. The output carries nothing but the protocol. */
  readonly input?: Readable;
  readonly output?: Writable;
}

const INSTRUCTIONS =
  'REPRAM keeps text in the memory of several machines for a limited time, and forgets it then. ' +
  'Use it to hand something over to another agent or session: tell the other one the key.';

/**
 * Serves until the input ends or `stop` aborts.
 *
 * @throws SdkMissingError when the package of the protocol is not installed
 * @throws RepramError `argument-invalid` for what is no address of a node
 * @throws Error when the own node does not start, or ends
 */
export async function runMcp(options: McpOptions): Promise<void> {
  const sdk = loadSdk();
  const { nodes, environment, stop, nodeScript = join(__dirname, 'node.js') } = options;
  const own = nodes.length > 0 ? null : await EmbeddedNode.start(nodeScript, environment, stop);
  try {
    await serve(sdk, own === null ? nodes : [own.address], options, own?.ended ?? null);
  } finally {
    await own?.stop();
  }
}

async function serve(
  sdk: Sdk,
  nodes: readonly string[],
  { version, stop, timeoutMs, input = process.stdin, output = process.stdout }: McpOptions,
  ownEnded: Promise<void> | null,
): Promise<void> {
  const repram = new Repram(timeoutMs === undefined ? { nodes } : { nodes, timeoutMs });
  const server = serverOf(sdk, repram, version);
  const over = new AbortController();
  const { signal } = over;
  try {
    await server.connect(new LineTransport(input, output, note));
    // An input that fails rejects both.
    const ends = [once(input, 'end', { signal }), once(input, 'close', { signal }), aborted(stop, signal)];
    const ownEnd = ownEnded?.then(() => {
      throw new Error('The embedded node ended.');
    });
    await Promise.race([...ends, ...(ownEnd === undefined ? [] : [ownEnd])]);
  } finally {
    over.abort();
    repram.close();
    await server.close();
  }
}

function note(sentence: string): void {
  process.stderr.write(`repram: ${sentence}\n`);
}

async function aborted(stop: AbortSignal, signal: AbortSignal): Promise<void> {
  if (!stop.aborted) await once(stop, 'abort', { signal });
}

function serverOf(sdk: Sdk, repram: Repram, version: string): SdkServer {
  const server = new sdk.Server(
    { name: 'repram', title: 'REPRAM', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler(sdk.ListToolsRequestSchema, () => ({ tools: toolList() }));
  server.setRequestHandler(sdk.CallToolRequestSchema, async ({ params }, { signal }): Promise<CallResult> => {
    const { isError, result } = await callTool(repram, params.name, params.arguments ?? {}, signal);
    return {
      content: [{ type: 'text', text: JSON.stringify(result) }],
      structuredContent: result,
      isError,
    };
  });
  return server;
}
