// What the launcher of each simulated host hands down to the nodes that it starts anew: whom those
// before them expected, but for its own nodes that have ended.
import type { Inherited } from '../../../src/core/base/settings';
import type { SimNode } from './sim-node';
import type { Host } from './surroundings';

interface Known {
  readonly ids: Set<string>;
  readonly hosts: number;
  readonly atMs: number;
}

export class Inheritance {
  private readonly byHost = new Map<Host, Known>();

  /** Called while its core can still be asked. */
  ends({ id, host, core }: SimNode, nowMs: number): void {
    const others = core.others();
    if (others !== null)
      this.byHost.set(host, { ids: new Set(others.ids), hosts: others.hosts, atMs: nowMs });
    this.byHost.get(host)?.ids.delete(id);
  }

  /** @param gone ids of nodes of this host that have ended */
  of(host: Host, gone: readonly string[], nowMs: number): Inherited | null {
    const known = this.byHost.get(host);
    if (known === undefined) return null;
    for (const id of gone) known.ids.delete(id);
    return known.ids.size === 0
      ? null
      : { others: known.ids.size, hosts: known.hosts, agoMs: nowMs - known.atMs };
  }
}
