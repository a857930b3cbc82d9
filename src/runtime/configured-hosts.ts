// The hosts that configured sources name. Without a secret they may be peers although their
// addresses are public. Kept are the names as the operator wrote them, and the addresses the
// sources found last. A source that finds none keeps those it had.
import type { NodeSettings } from '../config/settings';
import type { Endpoint } from './node-view';

export class ConfiguredHosts {
  private readonly found = new Map<string, ReadonlySet<string>>();

  named(source: string, endpoints: readonly Endpoint[]): void {
    if (endpoints.length > 0) this.found.set(source, new Set(endpoints.map(({ address }) => address)));
  }

  *with({ discoveryDomain, peers }: Pick<NodeSettings, 'discoveryDomain' | 'peers'>): Iterable<string> {
    yield discoveryDomain;
    for (const { address } of peers) yield address;
    for (const addresses of this.found.values()) yield* addresses;
  }
}
