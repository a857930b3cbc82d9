// GET /health of an endpoint: the one way in which a node asks who is there. The very endpoint and
// one answer: no proxy of the environment, no redirect, no connection kept. By plain HTTP, because
// every node asks at its start, and to load axios would take a quarter of that.
import { request, type IncomingHttpHeaders } from 'node:http';
import { withinTime } from '../config/time-limit';
import { TEXT_BYTES } from '../core/base/bounds';
import type { Endpoint } from '../core/base/identity';
import { parseWithin } from './bounded-json';
import { limitInterim, tooLong } from './interim-answers';

/** A node's health has less than 4 KB and 200 values. */
const ANSWER = { unitsMax: 65_536, depthMax: 16, valuesMax: 2000 } as const;
/** Of the head, the body and whatever frames it. */
const WIRE_BYTES_MAX = 80 * 1024;
/** Of the body: a node sends one, and what is between may cut it up. Each costs a call. */
const PIECES_MAX = 256;

export interface HealthAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** What the body says; undefined when it is not JSON, or beyond what a node's health can be. */
  readonly health: unknown;
  /**
   * Code of the error that ended the body before it was whole; ERR_TOO_LONG beyond 64 Ki
   * characters, 256 pieces or 80 KiB with all that frames it.
   */
  readonly cutBy: string | null;
}

/**
 * The answer, whatever its status, as soon as there is a head of one. Rejects with the error of the
 * connection where there is none. The code is ERR_CANCELED where `stop` ended it, and ETIMEDOUT
 * after `limitMs`.
 */
export function requestHealth(
  endpoint: Endpoint,
  limitMs: number,
  stop: AbortSignal = new AbortController().signal,
): Promise<HealthAnswer> {
  const signal = withinTime(limitMs, stop);
  const { address: host, port } = endpoint;
  const headers = { accept: 'application/json' };
  return new Promise<HealthAnswer>((resolve, reject) => {
    let head: Pick<HealthAnswer, 'status' | 'headers'> | null = null;
    const fail = (error: NodeJS.ErrnoException): void => {
      const reason = stop.aborted ? coded('ERR_CANCELED') : signal.aborted ? coded('ETIMEDOUT') : error;
      if (head === null) reject(reason);
      else resolve({ ...head, health: undefined, cutBy: reason.code ?? 'ECONNRESET' });
    };
    const asking = request({ host, port, path: '/health', agent: false, headers, signal }, (response) => {
      const { statusCode: status = 0, headers } = response;
      head = { status, headers };
      let [body, pieces] = ['', 0];
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
        pieces += 1;
        const isLong = body.length > ANSWER.unitsMax || response.socket.bytesRead > WIRE_BYTES_MAX;
        if (isLong || pieces > PIECES_MAX) asking.destroy(tooLong());
      });
      response.on('error', fail);
      response.on('end', () => {
        resolve({ status, headers, health: parseWithin(body, ANSWER), cutBy: null });
      });
    });
    asking.on('error', fail);
    limitInterim(asking);
    asking.end();
  });
}

/** Null for what no node has in this place: it would be logged as long as a stranger likes. */
export function textOfNode(value: unknown, of: 'name' | 'cluster'): string | null {
  const isOfNode =
    typeof value === 'string' && Buffer.byteLength(value) <= TEXT_BYTES[of] && !/\p{Cc}/u.test(value);
  return isOfNode ? value : null;
}

function coded(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
