// A greeter without the rest of a node: who is linked is a set, and probes and dials are
// remembered.
import { endpointKey, type NodeIdentity } from '../../../src/core/base/identity';
import { Prng } from '../../../src/core/base/prng';
import { Greeter } from '../../../src/core/discovery/greeter';
import type { Membership } from '../../../src/core/membership/membership';
import { ORIGIN_A } from './records';

export const PEER = '1111111111111111';

export function identity(rest: Partial<NodeIdentity> = {}): NodeIdentity {
  return {
    id: PEER,
    name: 'n',
    cluster: 'c',
    hostId: 'here',
    listenPort: 8082,
    advertisedPort: 38_082,
    addresses: [],
    ...rest,
  };
}

export interface Scene {
  readonly greeter: Greeter;
  readonly probes: string[];
  readonly dials: string[];
  readonly ignored: string[];
  readonly linked: Set<string>;
}

export function setUp(awaited: readonly string[] = []): Scene {
  const scene = {
    probes: [] as string[],
    dials: [] as string[],
    ignored: [] as string[],
    linked: new Set<string>(),
  };
  const membership = {
    get: (id: string) => (scene.linked.has(id) ? { link: {} } : undefined),
    activeCount: () => scene.linked.size,
  } as unknown as Membership;
  const port = {
    probe: (e: Parameters<typeof endpointKey>[0]) => void scene.probes.push(endpointKey(e)),
    dial: (e: Parameters<typeof endpointKey>[0]) => void scene.dials.push(endpointKey(e)),
    ignored: (e: Parameters<typeof endpointKey>[0]) => void scene.ignored.push(endpointKey(e)),
  };
  const self = identity({ id: ORIGIN_A, listenPort: 8081 });
  return { greeter: new Greeter(self, membership, new Prng(1), port, 0, awaited), ...scene };
}

export const here = (port: number): { address: string; port: number } => ({ address: '127.0.0.1', port });

/** Ticks through virtual time; every probe is answered with `kind` at once. */
export function run(
  scene: Scene,
  untilMs: number,
  kind: 'refused' | 'timeout' | 'foreign',
  from = 0,
): number {
  let count = 0;
  for (let now = from; now <= untilMs; now += 10) {
    scene.probes.length = 0;
    scene.greeter.tick(now);
    count += scene.probes.length;
    for (const key of scene.probes) {
      const [address, port] = key.split(':');
      scene.greeter.probed({ address, port: Number(port) }, { kind }, now);
    }
  }
  return count;
}
