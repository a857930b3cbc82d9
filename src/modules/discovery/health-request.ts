// GET /health of an endpoint. The very endpoint and one answer: no proxy of the environment, no
// redirect, no connection kept. By plain HTTP, because every node asks at its start, and to load
// axios would take a quarter of that.
import { request, type IncomingHttpHeaders } from 'node:http';
import { parseWithin } from '../../runtime/bounded-json';
import type { Endpoint } from '../../runtime/node-view';

/** A node's health has less than 4 KB and 200 values. */
const ANSWER = { unitsMax: 65_536, depthMax: 16, valuesMax: 2000 } as const;

export interface HealthAnswer {
  /** What the body says; undefined when it is not JSON, or beyond what a node's health can be. */
  readonly health: unknown;
  readonly headers: IncomingHttpHeaders;
}

/**
 * The answer, whatever its status. Rejects with the error of the connection, and when there are more
 * than 64 Ki characters. Its `code` is ERR_CANCELED where `stop` ended it, and ETIMEDOUT after
 * `limitMs`.
 */
export function requestHealth(endpoint: Endpoint, limitMs: number, stop: AbortSignal): Promise<HealthAnswer> {
  const limit = AbortSignal.timeout(limitMs);
  const { address: host, port } = endpoint;
  const headers = { accept: 'application/json' };
  const signal = AbortSignal.any([stop, limit]);
  const answer = new Promise<HealthAnswer>((resolve, reject) => {
    const asking = request({ host, port, path: '/health', agent: false, headers, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
        if (body.length > ANSWER.unitsMax) asking.destroy(new Error('a longer answer than a node gives'));
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ health: parseWithin(body, ANSWER), headers: response.headers });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
  return answer.catch((error: unknown) => {
    if (stop.aborted) throw coded('ERR_CANCELED');
    throw limit.aborted ? coded('ETIMEDOUT') : error;
  });
}

function coded(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
