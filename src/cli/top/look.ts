// One look at a network: every node that can be asked, and what others tell of those that cannot.
import type { Context } from '../context';
import type { Digest, PeerFacts } from '../network/facts';
import { distinctNodes, survey, type SurveyedNode } from '../network/survey';
import { placeText } from '../output/text';

export interface NodeRow {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** Its own word; `alive` and so on where only a peer tells of it. */
  readonly state: string;
  /** Null where only a peer tells of it. */
  readonly uptimeSeconds: number | null;
  /** From here; null where only a peer tells of it. */
  readonly answerMs: number | null;
  readonly digest: Digest;
}

export interface Look {
  readonly at: Date;
  /** By address. */
  readonly nodes: readonly NodeRow[];
}

export interface Totals {
  readonly nodes: number;
  readonly answering: number;
  /** Of the fullest node: every node is meant to hold all. */
  readonly keys: number;
  readonly usedBytes: number;
  readonly putsPerSecond: number;
  readonly getsPerSecond: number;
  readonly missingWrites: number;
  readonly loopDelayMs: number;
}

const LOOK_LIMIT_MS = 2000;
const PLACES_MAX = 200;

export class Looker {
  private readonly urls: Set<string>;

  constructor(private readonly context: Context) {
    this.urls = new Set(context.nodes.urls);
  }

  /** Nodes that peers tell of are asked themselves from the next look on. */
  async look(): Promise<Look> {
    const { stop, limitMs } = this.context;
    const options = { stop, limitMs: Math.min(limitMs, LOOK_LIMIT_MS) };
    const nodes = distinctNodes(await survey([...this.urls], options));
    const told = toldOf(nodes);
    for (const peer of told) this.learn(peer);
    const rows = [...nodes.map(rowOf), ...told.map(rowOfPeer)];
    return {
      at: new Date(),
      nodes: rows.sort((a, b) => a.address.localeCompare(b.address, 'en', { numeric: true })),
    };
  }

  private learn({ address, port, state }: PeerFacts): void {
    const host = address.includes(':') ? `[${address}]` : address;
    if (state === 'alive' && this.urls.size < PLACES_MAX) this.urls.add(`http://${host}:${port}`);
  }
}

/** Peers that did not answer themselves, each once, as the first who knows tells of them. */
function toldOf(nodes: readonly SurveyedNode[]): PeerFacts[] {
  const answering = new Set(nodes.map(({ status }) => status.id));
  const told = new Map<string, PeerFacts>();
  for (const peer of nodes.flatMap(({ peers }) => peers)) {
    if (!answering.has(peer.id) && !told.has(peer.id)) told.set(peer.id, peer);
  }
  return [...told.values()];
}

function rowOf({ url, status, answer }: SurveyedNode): NodeRow {
  return {
    id: status.id,
    name: status.name,
    address: placeText(url),
    state: status.state,
    uptimeSeconds: status.uptimeSeconds,
    answerMs: answer.kind === 'answer' ? answer.tookMs : null,
    digest: status.digest,
  };
}

function rowOfPeer({ id, name, address, port, state, digest }: PeerFacts): NodeRow {
  return { id, name, address: `${address}:${port}`, state, uptimeSeconds: null, answerMs: null, digest };
}

export function totalsOf({ nodes }: Look): Totals {
  const answering = nodes.filter(({ uptimeSeconds }) => uptimeSeconds !== null);
  const most = (of: (digest: Digest) => number): number =>
    Math.max(0, ...answering.map(({ digest }) => of(digest)));
  const sum = (of: (digest: Digest) => number): number =>
    answering.reduce((all, { digest }) => all + of(digest), 0);
  return {
    nodes: nodes.length,
    answering: answering.length,
    keys: most(({ keys }) => keys),
    usedBytes: most(({ usedBytes }) => usedBytes),
    putsPerSecond: sum(({ putsPerSecond }) => putsPerSecond),
    getsPerSecond: sum(({ getsPerSecond }) => getsPerSecond),
    missingWrites: sum(({ missingWrites }) => missingWrites),
    loopDelayMs: most(({ loopDelayMs }) => loopDelayMs),
  };
}
