// Asks over HTTP what answers on a port of this machine. The node greets itself with it after the
// bind. The message that names the holder of a port uses it too.
import { requestHealth, textOfNode, type HealthAnswer } from './health-request';

export type Answerer =
  | { readonly kind: 'node'; readonly id: string; readonly name: string; readonly cluster: string }
  | { readonly kind: 'foreign'; readonly status: number }
  | { readonly kind: 'silent' }
  /** This process cannot ask: it has no descriptor or memory left for a socket. */
  | { readonly kind: 'unasked' };

const EXHAUSTED: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']);

const ID = /^[0-9a-f]{16}$/;

/** Never rejects; `silent` after `limitMs` or when nothing listens. */
export async function whoAnswers(host: string, port: number, limitMs: number): Promise<Answerer> {
  try {
    const answer = await requestHealth({ address: host, port }, limitMs);
    return healthy(answer) ?? signed(answer);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { kind: code !== undefined && EXHAUSTED.has(code) ? 'unasked' : 'silent' };
  }
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
