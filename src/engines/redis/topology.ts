// What servers tell of themselves: CLUSTER SLOTS, and INFO.
import type { Reply } from './wire-reader';

export interface Shard {
  /** host:port. */
  readonly primary: string;
  /** Of the primary, by which the Cluster knows it. */
  readonly id: string;
  readonly ranges: readonly (readonly [from: number, to: number])[];
  /** The primary and its replicas. */
  readonly members: readonly string[];
}

/** @param host of the server that was asked, which may not know its own */
export function primariesOf(reply: Reply, host: string): Shard[] {
  const shards = new Map<string, Shard>();
  for (const row of listOf(reply)) {
    const [from, to, ...nodes] = listOf(row);
    const members = nodes.map((node) => endpointOf(node, host));
    const [primary] = members;
    if (typeof from !== 'number' || typeof to !== 'number' || !members.every(isEndpoint)) continue;
    if (members.length === 0) continue;
    const known = shards.get(primary);
    const ranges = [...(known?.ranges ?? []), [from, to] as const];
    shards.set(primary, { primary, id: idOf(nodes[0]), ranges, members });
  }
  return [...shards.values()];
}

/** host:port. */
export function isEndpoint(text: string): boolean {
  const port = Number(/^[^\s]+:(\d{1,5})$/.exec(text)?.[1] ?? 0);
  return port > 0 && port < 65_536;
}

function endpointOf(node: Reply, askedHost: string): string {
  const [host, port] = listOf(node);
  const name = Buffer.isBuffer(host) ? host.toString() : '';
  const shown = name === '' || name === '?' ? askedHost : name.includes(':') ? `[${name}]` : name;
  return `${shown}:${String(port)}`;
}

function idOf(node: Reply): string {
  return String(listOf(node)[2] ?? '');
}

function listOf(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? (reply as readonly Reply[]) : [];
}

/** The fields of INFO by name. */
export function infoFields(reply: Reply): ReadonlyMap<string, string> {
  const lines = Buffer.isBuffer(reply) ? reply.toString().split('\r\n') : [];
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}
