// What a node says of itself. The id is for the life of the process. Where others reach it is
// learned on the way: the port with its claim, addresses and host ports from the deployment.
// Greetings carry what is known when they are sent. Links that are up are left alone
// (docs/adr/0021-what-a-node-advertises.md).
import type { NodeSettings } from '../config/settings';
import type { NodeId, SelfIdentity } from '../core/base/identity';
import type { Reach } from './node-view';

export class OwnIdentity {
  private identity: SelfIdentity;
  private reach: Reach;

  constructor(settings: NodeSettings, id: NodeId) {
    const { name, cluster, hostId, loopback, address, hostAddress } = settings;
    const given = address ?? hostAddress;
    this.reach = {
      addresses: given === null ? [] : [given],
      hostPorts: new Map(settings.advertisePorts.map((pair) => [pair.containerPort, pair.hostPort])),
    };
    const { addresses } = this.reach;
    const own = loopback === '127.0.0.1' ? {} : { loopback };
    this.identity = { id, name, cluster, hostId, listenPort: 0, advertisedPort: 0, addresses, ...own };
  }

  get current(): SelfIdentity {
    return this.identity;
  }

  /** The claimed port, from now on. */
  listensOn(listenPort: number): SelfIdentity {
    this.identity = { ...this.identity, listenPort };
    return this.refresh();
  }

  advertise(reach: Reach): void {
    this.reach = reach;
    this.refresh();
  }

  private refresh(): SelfIdentity {
    const { listenPort } = this.identity;
    const { addresses, hostPorts } = this.reach;
    this.identity = {
      ...this.identity,
      advertisedPort: hostPorts.get(listenPort) ?? listenPort,
      addresses,
    };
    return this.identity;
  }
}
