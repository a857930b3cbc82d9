// What a primary tells of itself: how many replicas it has, how full it is. Of a Cluster it also
// tells how many replicas are listed, those among them that are away.
import { EngineAway } from '../../runtime/data-engine';
import { plainCommand } from './command';
import type { Server } from './server';
import { infoFields } from './topology';
import type { Reply } from './wire-reader';

const SECTIONS = ['server', 'replication', 'memory'];
/** Of a section, and of a list: a line for each replica. */
const ANSWER_BYTES = 256 * 1024;

export interface Figures {
  /** That are linked now. */
  readonly replicas: number;
  /** Those, and those that are listed without being there. */
  readonly expectedReplicas: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly policy: string;
  readonly release: string;
}

/**
 * @param id by which a Cluster lists the replicas of the server; null = it is no Cluster
 * @throws StoreFailure, StoreBusy, EngineAway
 */
export async function figuresOf(server: Server, id: string | null): Promise<Figures> {
  const asked = SECTIONS.map((section) => server.send(plainCommand(['INFO', section], ANSWER_BYTES)));
  const [listed, ...replies] = await Promise.all([id === null ? 0 : listedOf(server, id), ...asked]);
  const fields = new Map(replies.flatMap((reply) => [...infoFields(reply)]));
  const number = (name: string): number => Number(fields.get(name) ?? 0) || 0;
  const replicas = number('connected_slaves');
  return {
    replicas,
    expectedReplicas: Math.max(replicas, listed),
    usedBytes: number('used_memory'),
    limitBytes: number('maxmemory') || number('total_system_memory'),
    policy: fields.get('maxmemory_policy') ?? '',
    release: fields.get('valkey_version') ?? fields.get('redis_version') ?? '',
  };
}

/** CLUSTER SLOTS leaves out those that are away. */
async function listedOf(server: Server, id: string): Promise<number> {
  const lines: Reply = await server.send(plainCommand(['CLUSTER', 'REPLICAS', id], ANSWER_BYTES));
  if (Array.isArray(lines)) return lines.length;
  throw new EngineAway('the server does not list its replicas');
}
