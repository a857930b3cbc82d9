// REPRAM_PEERS: endpoints the operator wrote down. Names are looked up anew each time. While a name
// cannot be resolved its last addresses stand, so that a hiccup of DNS takes no peer off the list.
import type { Endpoint } from '../../runtime/node-view';
import type { CandidateSource } from './candidate-source';
import type { NameResolver } from './name-resolver';

export class StaticPeersSource implements CandidateSource {
  readonly name = 'static-peers';
  private readonly lastAddresses = new Map<string, readonly string[]>();

  constructor(
    private readonly peers: readonly Endpoint[],
    private readonly resolver: NameResolver,
  ) {}

  async endpoints(): Promise<readonly Endpoint[]> {
    const found = await Promise.all(this.peers.map((peer) => this.resolved(peer)));
    return found.flat();
  }

  private async resolved({ address, port }: Endpoint): Promise<Endpoint[]> {
    const now = await this.resolver.addresses(address);
    if (now.length > 0) this.lastAddresses.set(address, now);
    const known = this.lastAddresses.get(address) ?? [];
    return known.map((each) => ({ address: each, port }));
  }
}
