// What the answer to GET /health, or the lack of one, says about what is at an endpoint. Pure.
import type { Input } from '../../core/base/inputs';
import { textOfNode } from '../../runtime/health-request';

export type ProbeOutcome = Extract<Input, { kind: 'probe-result' }>['outcome'];

/**
 * Codes that mean the host answered nothing at all. Silence and "no route" are the same to the
 * caller.
 */
const SILENT = new Set([
  ...['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL'],
]);

/**
 * `headers` with names in lower case. A node that is busy or limits who asks refuses /health, and
 * says in the headers of the refusal who it is.
 */
export function outcomeOfAnswer(
  body: unknown,
  ownCluster: string,
  headers: Readonly<Record<string, unknown>> = {},
): ProbeOutcome {
  const facts = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const { node_id: id = headers['x-repram-node'], cluster: given = headers['x-repram-cluster'] } = facts;
  const cluster = textOfNode(given, 'cluster');
  if (typeof id !== 'string' || !/^[0-9a-f]{16}$/.test(id) || cluster === null) return { kind: 'foreign' };
  return cluster === ownCluster ? { kind: 'peer', id } : { kind: 'other-cluster', cluster };
}

/**
 * `code` of the error a request ended with. Whatever listens and does not speak our HTTP is
 * foreign.
 */
export function outcomeOfFailure(code: string | undefined): ProbeOutcome {
  if (code === 'ECONNREFUSED') return { kind: 'refused' };
  return code !== undefined && SILENT.has(code) ? { kind: 'timeout' } : { kind: 'foreign' };
}
