// Who a node is and whom it looks for, as far as its settings tell.
import type { NodeSettings } from '../config/settings';
import type { NodeId, NodeIdentity } from '../core/membership/identity';

/** Without ports: they are known when one has been claimed. */
export function ownIdentity(settings: NodeSettings, id: NodeId): NodeIdentity {
  return {
    id,
    name: settings.name,
    cluster: settings.cluster,
    hostId: settings.hostId,
    listenPort: 0,
    advertisedPort: 0,
    addresses: settings.address === null ? [] : [settings.address],
  };
}

/** Names and addresses where the operator expects peers. */
export function* configuredHosts({ discoveryDomain, peers }: NodeSettings): Iterable<string> {
  yield discoveryDomain;
  for (const { address } of peers) yield address;
}
