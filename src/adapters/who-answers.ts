// Asks over HTTP what answers on a port of this machine. The node greets itself with it after the
// bind. The message that names the holder of a port uses it too.
import { requestHealth, textOfNode, type HealthAnswer } from './health-request';

export type Answerer =
  | { readonly kind: 'node'; readonly id: string; readonly name: string; readonly cluster: string }
  | { readonly kind: 'foreign'; readonly status: number }
  /** Nothing came in time: from a program of another kind, or a node that is still starting. */
  | { readonly kind: 'silent' }
  /** It ended the connection, or said what is no HTTP. */
  | { readonly kind: 'mute' }
  /** Nobody listens there: who holds the port does so at another address, or is gone. */
  | { readonly kind: 'nobody' }
  /** There is no way to the address; `code` is the system's. */
  | { readonly kind: 'unreachable'; readonly code: string }
  /** This process cannot ask: it has no descriptor or memory left for a socket. */
  | { readonly kind: 'unasked' };

const NO_WAY: ReadonlySet<string> = new Set(['ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH', 'EHOSTDOWN']);
const EXHAUSTED: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']);

const ID = /^[0-9a-f]{16}$/;

/** Never rejects; `silent` after `limitMs`. */
export async function whoAnswers(host: string, port: number, limitMs: number): Promise<Answerer> {
  try {
    const answer = await requestHealth({ address: host, port }, limitMs);
    return healthy(answer) ?? signed(answer);
  } catch (error) {
    return unanswered((error as NodeJS.ErrnoException).code ?? '');
  }
}

function unanswered(code: string): Answerer {
  if (NO_WAY.has(code)) return { kind: 'unreachable', code };
  if (EXHAUSTED.has(code)) return { kind: 'unasked' };
  if (code === 'ECONNREFUSED') return { kind: 'nobody' };
  return { kind: code === 'ETIMEDOUT' ? 'silent' : 'mute' };
}

/** In words, for the log. */
export function describeAnswerer(answerer: Answerer): string {
  switch (answerer.kind) {
    case 'node':
      return `node ${answerer.name === '' ? '' : `${answerer.name} `}(${answerer.id}) of cluster "${answerer.cluster}"`;
    case 'foreign':
      return `another program (HTTP ${answerer.status})`;
    case 'silent':
      return 'no answer yet: a node that is still starting, or a program that speaks no HTTP';
    case 'mute':
      return 'a program that does not answer HTTP';
    case 'nobody':
      return 'nobody answers: it is held at another address, or was given back just now';
    case 'unreachable':
      return `unknown: this machine cannot reach itself (${answerer.code})`;
    case 'unasked':
      return 'unknown: no descriptor is left to ask';
  }
}

/** The health of a node; null for anything else. */
function healthy({ health }: HealthAnswer): Answerer | null {
  const { node_id: id, name, cluster } = (health ?? {}) as Record<string, unknown>;
  return node(id, textOfNode(name, 'name') ?? '', cluster);
}

function node(id: unknown, name: string, given: unknown): Answerer | null {
  const cluster = textOfNode(given, 'cluster');
  return typeof id === 'string' && ID.test(id) && cluster !== null
    ? { kind: 'node', id, name, cluster }
    : null;
}

/**
 * A node that refuses to answer, because it is busy or limits who asks, says who it is all the
 * same.
 */
function signed({ headers, status }: HealthAnswer): Answerer {
  const { 'x-repram-node': id, 'x-repram-cluster': cluster } = headers;
  return (status < 400 ? null : node(id, '', cluster)) ?? { kind: 'foreign', status };
}
