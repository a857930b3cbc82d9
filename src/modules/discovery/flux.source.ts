// The other instances of this application on the Flux platform, and its other components on this
// host.
import type { Endpoint } from '../../runtime/node-view';
import type { CandidateSource } from './candidate-source';
import type { Deployment } from './deployment';
import type { NameResolver } from './name-resolver';

export class FluxSource implements CandidateSource {
  readonly name = 'flux';

  constructor(
    private readonly deployment: Deployment,
    private readonly resolver: NameResolver,
  ) {}

  async endpoints(): Promise<readonly Endpoint[]> {
    const near = await Promise.all(this.deployment.neighbours().map((each) => this.resolved(each)));
    return [...near.flat(), ...this.deployment.endpoints()];
  }

  private async resolved({ address, port }: Endpoint): Promise<Endpoint[]> {
    const found = await this.resolver.addresses(address);
    return found.map((each) => ({ address: each, port }));
  }
}
