// One question to one node by plain HTTP: no retry, no other node, no proxy of the environment. For
// the commands that look at nodes one by one. fetch refuses some ports that a node may have.
import { request as overHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { withinTime } from '../../config/time-limit';

/** A list of a thousand peers has less. */
const ANSWER_BYTES_MAX = 8 * 1_048_576;

export type Answer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      /** What the body says; undefined when it is not JSON. */
      readonly body: unknown;
      readonly text: string;
      /** Milliseconds from the question to the whole answer. */
      readonly tookMs: number;
    }
  /** Nobody listens: the machine says so at once. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Nothing came: a firewall, another network, or a process that hangs. */
  | { readonly kind: 'silent'; readonly code: string }
  /** The name has no address. */
  | { readonly kind: 'unknown-name'; readonly code: string }
  /** Something listens that speaks no HTTP of ours. */
  | { readonly kind: 'foreign'; readonly code: string };

export interface AskOptions {
  readonly limitMs: number;
  readonly stop: AbortSignal;
}

/** @param url base URL and path. Never rejects but with the reason of `stop`. */
export async function ask(url: string, { limitMs, stop }: AskOptions): Promise<Answer> {
  stop.throwIfAborted();
  const startMs = performance.now();
  try {
    const response = await head(new URL(url), withinTime(limitMs, stop));
    const text = await textOf(response);
    const { statusCode: status = 0, headers } = response;
    const tookMs = performance.now() - startMs;
    return { kind: 'answer', status, headers, body: parsed(text), text, tookMs };
  } catch (error) {
    stop.throwIfAborted();
    return failure((error as NodeJS.ErrnoException).code ?? 'unknown');
  }
}

async function head(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? (await import('node:https')).request : overHttp;
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent: false, headers: { accept: 'application/json' }, signal }, resolve);
    asking.on('error', reject);
    asking.end();
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > ANSWER_BYTES_MAX) throw Object.assign(new Error('too long'), { code: 'ERR_TOO_LONG' });
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const SILENT = ['ETIMEDOUT', 'ABORT_ERR', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL'];

function failure(code: string): Answer {
  if (code === 'ECONNREFUSED') return { kind: 'refused', code };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { kind: 'unknown-name', code };
  return SILENT.includes(code) ? { kind: 'silent', code } : { kind: 'foreign', code };
}
