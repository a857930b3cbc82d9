// Asks over HTTP what answers on a port of this machine. The node greets itself with it after the
// bind. The message that names the holder of a port uses it too.
import { get, type IncomingHttpHeaders } from 'node:http';
import { parseWithin } from './bounded-json';

export type Answerer =
  | { readonly kind: 'node'; readonly id: string; readonly name: string; readonly cluster: string }
  | { readonly kind: 'foreign'; readonly status: number }
  | { readonly kind: 'silent' }
  /** This process cannot ask: it has no descriptor or memory left for a socket. */
  | { readonly kind: 'unasked' };

const ANSWER = { unitsMax: 65_536, depthMax: 16, valuesMax: 2000 } as const;
const EXHAUSTED: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']);

/** Never rejects; `silent` after `limitMs` or when nothing listens. */
export function whoAnswers(host: string, port: number, limitMs: number): Promise<Answerer> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: '/health', agent: false, timeout: limitMs }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
        if (body.length > ANSWER.unitsMax) response.destroy();
      });
      response.on('close', () => {
        resolve(readAnswer(body) ?? signed(response.headers, response.statusCode ?? 0));
      });
    });
    const limit = setTimeout(() => request.destroy(), limitMs);
    request.on('error', ({ code }: NodeJS.ErrnoException) => {
      resolve({ kind: code !== undefined && EXHAUSTED.has(code) ? 'unasked' : 'silent' });
    });
    request.on('close', () => {
      clearTimeout(limit);
    });
  });
}

/** In words, for the log. */
export function describeAnswerer(answerer: Answerer): string {
  switch (answerer.kind) {
    case 'node':
      return `node ${answerer.name === '' ? '' : `${answerer.name} `}(${answerer.id}) of cluster "${answerer.cluster}"`;
    case 'foreign':
      return `another program (HTTP ${answerer.status})`;
    case 'silent':
      return 'a program that does not answer HTTP';
    case 'unasked':
      return 'unknown: no descriptor is left to ask';
  }
}

/** The health of a node; null for anything else. */
function readAnswer(body: string): Answerer | null {
  const health = (parseWithin(body, ANSWER) ?? {}) as Record<string, unknown>;
  const { node_id: id, name, cluster } = health;
  if (typeof id === 'string' && typeof cluster === 'string') {
    return { kind: 'node', id, name: typeof name === 'string' ? name : '', cluster };
  }
  return null;
}

/** A node that refuses to answer, because it is busy or limits who asks, says who it is all the same. */
function signed(
  { 'x-repram-node': id, 'x-repram-cluster': cluster }: IncomingHttpHeaders,
  status: number,
): Answerer {
  if (status < 400 || typeof id !== 'string' || typeof cluster !== 'string')
    return { kind: 'foreign', status };
  return { kind: 'node', id, name: '', cluster };
}
