// As much of fetch as the client needs, over node:http. To load the global one takes longer than
// everything else that a short command does, and it refuses some ports that a node may have.
import { request as overHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as Stream } from 'node:stream/web';

/** Answers whose body is none, by the rules of Response. */
const BODILESS: readonly (number | undefined)[] = [101, 204, 205, 304];

type Body = Uint8Array | string | ReadableStream<Uint8Array> | null | undefined;

/** Rejects with the reason of the signal, or a TypeError that names what the system said. */
export const plainFetch = async (
  address: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> => {
  const { method = 'GET', signal } = init;
  signal?.throwIfAborted();
  const url = new URL(address instanceof Request ? address.url : address);
  const request = url.protocol === 'https:' ? (await import('node:https')).request : overHttp;
  const options: RequestOptions = { method, headers: init.headers as Record<string, string>, agent: false };
  if (signal) options.signal = signal;
  return new Promise((resolve, reject) => {
    const asking = request(url, options, (answer) => {
      try {
        resolve(responseOf(answer, method));
      } catch (error) {
        answer.destroy();
        reject(new TypeError('fetch failed', { cause: error }));
      }
    });
    asking.on('error', (error) => {
      reject(
        signal?.aborted === true ? (signal.reason as Error) : new TypeError('fetch failed', { cause: error }),
      );
    });
    const body = init.body as Body;
    if (body instanceof ReadableStream) {
      const source = Readable.fromWeb(body as Stream);
      source.on('error', (error) => asking.destroy(error));
      source.pipe(asking);
    } else {
      asking.end(body ?? undefined);
    }
  });
};

function responseOf(answer: IncomingMessage, method: string): Response {
  const { statusCode: status = 0, headers } = answer;
  const told = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]);
  const hasBody = method !== 'HEAD' && !BODILESS.includes(status);
  if (!hasBody) answer.resume();
  const body = hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null;
  return new Response(body, { status, headers: told });
}
