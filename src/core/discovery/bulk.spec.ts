// Sources and members that name very many addresses.
import { ORIGIN_A } from '../../../test/support/core/records';
import { endpointKey, type Endpoint, type NodeIdentity } from '../base/identity';
import type { Membership } from '../membership/membership';
import { Prng } from '../base/prng';
import { LIMITS } from '../base/limits';
import { Greeter } from './greeter';

const SECOND_MS = 1000;

const far = (count: number, network = '198.51'): Endpoint[] =>
  Array.from({ length: count }, (_, at) => ({ address: `${network}.${at >> 8}.${at & 255}`, port: 8081 }));
const near = (port: number): Endpoint => ({ address: '127.0.0.1', port });

const member = (at: number, rest: Partial<NodeIdentity> = {}): NodeIdentity => ({
  id: at.toString(16).padStart(16, '0'),
  name: 'n',
  cluster: 'c',
  hostId: `there ${at}`,
  listenPort: 8082,
  advertisedPort: 8082,
  addresses: [1, 2, 3, 4].map((part) => `203.0.${part}.${at & 255}`),
  ...rest,
});

class Scene {
  readonly probes: { key: string; atMs: number }[] = [];
  readonly dials: { key: string; atMs: number }[] = [];
  readonly greeter: Greeter;
  ticks = 0;
  private nowMs = 0;

  constructor() {
    const membership = { get: () => undefined, activeCount: () => 1 } as unknown as Membership;
    const port = {
      probe: (endpoint: Endpoint) => void this.probes.push({ key: endpointKey(endpoint), atMs: this.nowMs }),
      dial: (endpoint: Endpoint) => void this.dials.push({ key: endpointKey(endpoint), atMs: this.nowMs }),
      ignored: () => undefined,
    };
    this.greeter = new Greeter(member(0, { id: ORIGIN_A, hostId: 'here' }), membership, new Prng(1), port, 0);
  }

  /** Ticks whenever the greeter asks for it; nobody answers anywhere. */
  run(untilMs: number): void {
    let [probed, dialled] = [this.probes.length, this.dials.length];
    for (; this.nowMs <= untilMs; this.nowMs = Math.max(this.nowMs + 1, this.greeter.nextDeadlineMs())) {
      this.ticks += 1;
      this.greeter.tick(this.nowMs);
      for (; probed < this.probes.length; probed += 1)
        this.greeter.probed(endpointOf(this.probes[probed].key), { kind: 'timeout' }, this.nowMs);
      for (; dialled < this.dials.length; dialled += 1)
        this.greeter.dialled(endpointOf(this.dials[dialled].key), false);
    }
  }
}

function endpointOf(key: string): Endpoint {
  const at = key.lastIndexOf(':');
  return { address: key.slice(0, at), port: Number(key.slice(at + 1)) };
}

/** Of those within any second the most. */
function mostInASecond(calls: readonly { atMs: number }[], fromMs: number): number {
  const late = calls.filter(({ atMs }) => atMs >= fromMs).map(({ atMs }) => atMs);
  return Math.max(
    0,
    ...late.map((atMs) => late.filter((each) => each >= atMs && each < atMs + SECOND_MS).length),
  );
}

describe('a source that names a thousand addresses', () => {
  it('has them asked at a bounded rate, each in its turn, and without ticks for nothing', () => {
    const scene = new Scene();
    scene.greeter.learn('domain', far(1000), 0);
    scene.run(60 * SECOND_MS);
    expect(scene.probes.filter(({ atMs }) => atMs === 0)).toHaveLength(LIMITS.strangersBurst);
    expect(mostInASecond(scene.probes, SECOND_MS)).toBeLessThanOrEqual(LIMITS.strangersPerSecond + 1);
    expect(scene.ticks).toBeLessThan(2 * scene.probes.length + 100);
    expect(new Set(scene.probes.map(({ key }) => key)).size).toBe(LIMITS.candidatesOfSource);
  });

  it('keeps nobody from the nodes of the own host, nor from what another source names', () => {
    const scene = new Scene();
    scene.greeter.learn('domain', far(10_000), 0);
    scene.greeter.learn('port-range', [near(8083), near(8084)], 0);
    scene.greeter.learn('static-peers', far(5, '192.0'), 0);
    scene.run(30 * SECOND_MS);
    const first = (key: string): number => scene.probes.find((probe) => probe.key === key)?.atMs ?? Infinity;
    for (const endpoint of [near(8083), near(8084)]) expect(first(endpointKey(endpoint))).toBe(0);
    for (const endpoint of far(5, '192.0')) expect(first(endpointKey(endpoint))).toBeLessThan(30 * SECOND_MS);
  });
});

describe('a member that tells of very many others', () => {
  it('has them dialled at a bounded rate, and what sources name is asked all the same', () => {
    const scene = new Scene();
    for (let at = 1; at <= 256; at += 1) scene.greeter.contact(member(at), '', 0);
    scene.greeter.learn('domain', far(20), 0);
    scene.run(60 * SECOND_MS);
    expect(scene.dials.filter(({ atMs }) => atMs === 0)).toHaveLength(LIMITS.strangersBurst);
    expect(mostInASecond(scene.dials, SECOND_MS)).toBeLessThanOrEqual(LIMITS.strangersPerSecond + 4);
    expect(scene.probes.filter(({ atMs }) => atMs === 0)).toHaveLength(20);
  });

  it('cannot have the ports of the own host scanned either', () => {
    const scene = new Scene();
    for (let at = 1; at <= 256; at += 1)
      scene.greeter.contact(member(at, { hostId: 'here', listenPort: at }), '', 0);
    scene.run(10 * SECOND_MS);
    const most = LIMITS.strangersBurst + 10 * LIMITS.strangersPerSecond;
    expect(scene.dials.length).toBeLessThanOrEqual(most);
  });

  it('does not slow the way back to where peers were', () => {
    const scene = new Scene();
    const peer = member(1, { addresses: ['203.0.113.7'] });
    scene.greeter.dialled({ address: '203.0.113.7', port: 8082 }, true);
    scene.greeter.proven.add(near(9000));
    for (let at = 2; at <= 250; at += 1) scene.greeter.contact(member(at), '', 0);
    scene.run(SECOND_MS);
    scene.greeter.contact(peer, '', SECOND_MS);
    scene.greeter.contact(member(300, { hostId: 'here', listenPort: 9000 }), '', SECOND_MS);
    scene.dials.length = 0;
    scene.run(SECOND_MS + 50);
    const keys = scene.dials.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['203.0.113.7:8082', '127.0.0.1:9000']));
  });
});
