// The SDK of the Model Context Protocol, which only this command needs. It is not installed with
// REPRAM, and loaded when it is there.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const PACKAGE = '@modelcontextprotocol/sdk';
export const INSTALL_COMMAND = `npm install ${PACKAGE}`;

/** Says how to get what is missing. */
export class SdkMissingError extends Error {
  readonly code = 'sdk-missing';

  constructor() {
    super(`repram mcp needs the package ${PACKAGE}, which is not installed: ${INSTALL_COMMAND}`);
  }
}

export interface CallRequest {
  readonly params: { readonly name: string; readonly arguments?: Readonly<Record<string, unknown>> };
}

export interface CallResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: object;
  readonly isError?: boolean;
}

/** As much of the SDK's low-level server as is used here. */
export interface SdkServer {
  setRequestHandler(
    schema: unknown,
    handler: (request: CallRequest, extra: { readonly signal: AbortSignal }) => object | Promise<object>,
  ): void;
  connect(transport: object): Promise<void>;
  close(): Promise<void>;
}

export interface Sdk {
  readonly Server: new (info: object, options: object) => SdkServer;
  readonly CallToolRequestSchema: unknown;
  readonly ListToolsRequestSchema: unknown;
}

/**
 * Looks beside REPRAM, and then in the working directory: where `npx` runs REPRAM, people install
 * it there.
 *
 * @throws SdkMissingError
 */
export function loadSdk(places: readonly string[] = [__filename, join(process.cwd(), 'package.json')]): Sdk {
  for (const place of places) {
    const load = createRequire(place);
    if (!isThere(load)) continue;
    const part = (path: string): Partial<Sdk> => load(`${PACKAGE}/${path}`) as Partial<Sdk>;
    const parts = ['server/index.js', 'types.js'].map(part);
    return Object.assign({}, ...parts) as Sdk;
  }
  throw new SdkMissingError();
}

function isThere(load: NodeJS.Require): boolean {
  try {
    load.resolve(`${PACKAGE}/types.js`);
    return true;
  } catch {
    return false;
  }
}
