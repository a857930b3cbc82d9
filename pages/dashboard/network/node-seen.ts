// A node as it is shown.
import type { MemberState, PeerFacts, Repairs, SelfFacts } from '../facts/facts';
import type { History } from './history';

/** What is shown of a node. `syncing` and `draining` are told only by the node itself. */
export type Health = MemberState | 'syncing' | 'draining';

export interface NodeSeen {
  /** Host and port. */
  readonly place: string;
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly host: string;
  readonly health: Health;
  /** Null for the node that tells. */
  readonly peer: PeerFacts | null;
  /** Null for all others. */
  readonly self: SelfFacts | null;
  readonly digest: PeerFacts['digest'];
  readonly history: History;
  readonly repairs: Repairs | null;
}

export function placeOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}

/** Whether it takes part as far as can be told. */
export function isLive({ health }: { readonly health: Health }): boolean {
  return health === 'alive' || health === 'syncing';
}

/** Its name, with its address where others have the same name. */
export function nameAmong(node: NodeSeen, all: readonly NodeSeen[]): string {
  const isAlone = all.every((other) => other.name !== node.name || other.place === node.place);
  if (isAlone) return node.name;
  return `${node.name} (${node.address === '' ? 'this node' : `${node.address}:${node.port}`})`;
}
