// DISCOVERY_DOMAIN: every address the name has, each with the whole port range. What leads back to
// this machine adds nothing, because loopback covers it.
import type { NodeSettings } from '../../config/settings';
import type { Endpoint } from '../../runtime/node-view';
import type { CandidateSource } from './candidate-source';
import { isLoopback, ownAddresses } from './local-addresses';
import type { NameResolver } from './name-resolver';
import { portRange } from './port-range';

export class DomainSource implements CandidateSource {
  readonly name = 'domain';

  constructor(
    private readonly settings: Pick<NodeSettings, 'discoveryDomain' | 'basePort' | 'maxPorts' | 'loopback'>,
    private readonly resolver: NameResolver,
    private readonly own: () => ReadonlySet<string> = ownAddresses,
  ) {}

  async endpoints(): Promise<readonly Endpoint[]> {
    const { discoveryDomain, basePort, maxPorts, loopback } = this.settings;
    if (discoveryDomain === '' || discoveryDomain === 'localhost') return [];
    const own = new Set([...this.own(), loopback]);
    const addresses = await this.resolver.addresses(discoveryDomain);
    return addresses
      .filter((address) => !isLoopback(address, loopback) && !own.has(address))
      .flatMap((address) => portRange(address, basePort, maxPorts));
  }
}
