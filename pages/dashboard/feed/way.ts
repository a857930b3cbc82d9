// Which node is asked. It is the one that served the page, until it falls silent. Then it is
// another one on the same host, because only that is reachable under the name of this page.
import type { Look } from '../facts/facts';
import { placeOf } from '../network/node-seen';

export interface Stop {
  readonly base: string;
  readonly name: string;
  readonly port: number;
  readonly place: string;
}

const SIBLINGS_MAX = 100;

export class Way {
  private at: Stop;
  /** Others on this host, the live ones first; the latest that is known. */
  private others: readonly Stop[] = [];
  /** Ports can be told apart only where the browser sees the same ones as the nodes. */
  private isDirect = false;

  constructor(private readonly home: string) {
    this.at = { base: home, name: '', port: portOf(home), place: '' };
  }

  get here(): Stop {
    return this.at;
  }

  /** The page came from another node than the one that is asked. */
  get isAway(): boolean {
    return this.at.base !== this.home;
  }

  get siblings(): readonly Stop[] {
    return this.others;
  }

  /** A node answered below `base`; from now on it is asked. */
  answered(base: string, { self, peers }: Look): void {
    this.at = { base, name: self.name, port: self.port, place: placeOf(self) };
    this.isDirect = portOf(base) === self.port;
    const here = peers.filter(
      ({ host, port, state }) => host === self.host && port !== self.port && state !== 'left',
    );
    const live = here.filter(({ state }) => state === 'alive');
    const others = [...live, ...here.filter(({ state }) => state !== 'alive')].slice(0, SIBLINGS_MAX);
    if (!this.isDirect) this.others = [];
    else
      this.others = others.map((peer) => ({
        base: withPort(base, peer.port),
        name: peer.name,
        port: peer.port,
        place: placeOf(peer),
      }));
  }

  /** Whom to ask when the present one is silent: the others, and the present one last. */
  detours(): readonly Stop[] {
    return [...this.others, this.at];
  }

  /** The page of a node on this host, for a person to open; null when it has no address here. */
  pageOf(port: number): string | null {
    return this.isDirect ? new URL('dashboard', withPort(this.at.base, port)).href : null;
  }
}

function withPort(base: string, port: number): string {
  const address = new URL(base);
  address.port = String(port);
  return address.href;
}

function portOf(base: string): number {
  const { port, protocol } = new URL(base);
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}
