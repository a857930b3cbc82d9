// Further nodes, as the node in use tells them. An address counts when the node there says that it
// is the one that was told of: behind a gateway, or with other ports outside, it may be anything.
import { isPlain, peerAddress, portOf } from './addresses';
import type { PeerReport } from './answers';
import { jsonWithin, REPORT_BYTES_MAX } from './bounded';
import type { Roster } from './roster';
import type { Fetch } from './settings';

/** Between two questions. */
const EVERY_MS = 10_000;
const ANSWER_MS = 1000;
/** Asked who they are in one round. */
const NEWCOMERS_MAX = 16;

interface Candidate {
  readonly id: string;
  readonly address: string;
}

export class Learning {
  /** Who was met at an address. */
  private readonly ids = new Map<string, string>();
  /** Which port a node says it has, by its address. */
  private readonly ports = new Map<string, number>();
  private dueMs = 0;
  private askedOf = '';
  private underway: AbortController | null = null;
  private isOver = false;

  constructor(
    private readonly roster: Roster,
    private readonly fetch: Fetch,
    private readonly now: () => number,
  ) {}

  /** Asks in the background where it is time, and at once where another node came into use. */
  refresh(): void {
    const teller = this.roster.inOrder().at(0);
    if (teller === undefined || this.isOver || this.underway !== null || !isPlain(teller)) return;
    if (this.now() < this.dueMs && teller === this.askedOf) return;
    this.dueMs = this.now() + EVERY_MS;
    this.askedOf = teller;
    const underway = new AbortController();
    this.underway = underway;
    const timer = setTimeout(() => underway.abort(), 3 * ANSWER_MS);
    const done = (): void => {
      clearTimeout(timer);
      this.underway = null;
    };
    // What cannot be learned now can be learned later.
    this.learnFrom(teller, underway.signal).then(done, done);
  }

  stop(): void {
    this.isOver = true;
    this.underway?.abort();
  }

  private async learnFrom(teller: string, signal: AbortSignal): Promise<void> {
    const { node_id, peers } = readPeers(await this.json(`${teller}peers`, signal));
    this.ids.set(teller, node_id);
    const isDirect = (await this.ownPort(teller, signal)) === portOf(teller);
    const candidates = peers.flatMap((peer) => candidateOf(teller, peer, isDirect));
    const named = new Map([...this.ids].map(([address, id]) => [id, address]));
    const told: string[] = [];
    const newcomers: Candidate[] = [];
    for (const { id, address } of candidates) {
      const known = named.get(id);
      if (known !== undefined && this.roster.has(known)) told.push(known);
      else if (this.roster.has(address)) told.push(address);
      else if (newcomers.length < NEWCOMERS_MAX) newcomers.push({ id, address });
    }
    const met = await Promise.all(newcomers.map((each) => this.isAt(each, signal)));
    told.push(...newcomers.filter((_, index) => met[index]).map(({ address }) => address));
    if (this.isOver) return;
    this.roster.learn(teller, told);
    for (const address of [...this.ids.keys(), ...this.ports.keys()]) this.forgetUnless(address);
  }

  /** Peers of its own host have the teller's host only where its port is the same outside. */
  private async ownPort(teller: string, signal: AbortSignal): Promise<number | undefined> {
    const known = this.ports.get(teller);
    if (known !== undefined) return known;
    const status = (await this.json(`${teller}status`, signal)) as { port?: unknown } | null;
    const port = Number(status?.port);
    this.ports.set(teller, port);
    return port;
  }

  private async isAt({ id, address }: Candidate, signal: AbortSignal): Promise<boolean> {
    try {
      const { node_id } = readPeers(await this.json(`${address}peers`, signal));
      this.ids.set(address, node_id);
      return node_id === id;
    } catch {
      return false;
    }
  }

  private async json(url: string, signal: AbortSignal): Promise<unknown> {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const timer = setTimeout(abort, ANSWER_MS);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const response = await this.fetch(url, { signal: controller.signal, credentials: 'omit' });
      return await jsonWithin(response, REPORT_BYTES_MAX);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  private forgetUnless(address: string): void {
    if (this.roster.has(address)) return;
    this.ids.delete(address);
    this.ports.delete(address);
  }
}

function candidateOf(teller: string, peer: PeerReport, isDirect: boolean): Candidate[] {
  if (peer.state !== 'alive' && peer.state !== 'suspect') return [];
  const address = peerAddress(teller, peer);
  const isBeside = address !== null && new URL(address).hostname === new URL(teller).hostname;
  return address === null || (isBeside && !isDirect) ? [] : [{ id: peer.id, address }];
}

function readPeers(body: unknown): { node_id: string; peers: readonly PeerReport[] } {
  const { node_id, peers } = (body ?? {}) as { node_id?: unknown; peers?: unknown };
  if (typeof node_id !== 'string' || !Array.isArray(peers)) throw new TypeError('this is no list of peers');
  return { node_id, peers: peers as readonly PeerReport[] };
}
