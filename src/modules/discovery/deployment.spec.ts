import { Deployment } from './deployment';
import { pollDelayMs } from './poll-loop';
import type { Component } from './platform-answers';

const SETTINGS = {
  appName: 'app',
  address: null,
  hostAddress: null,
  loopback: '127.0.0.1',
  advertisePorts: [],
  basePort: 8081,
  maxPorts: 2,
};
const PAIRS = [
  { containerPort: 8082, hostPort: 38082 },
  { containerPort: 8081, hostPort: 38081 },
];

function deployment(changes: Partial<ConstructorParameters<typeof Deployment>[0]> = {}): Deployment {
  return new Deployment({ ...SETTINGS, ...changes });
}

function component(name: string, containerPort: number, hostPort: number): Component {
  return { name, ports: [{ containerPort, hostPort }] };
}

const texts = (endpoints: readonly { address: string; port: number }[]): string[] =>
  endpoints.map(({ address, port }) => `${address}:${port}`);
const addresses = (of: Deployment): string[] => [...new Set(of.endpoints().map(({ address }) => address))];

describe('the ports of other hosts', () => {
  it('are those of the container while nothing else is known', () => {
    const known = deployment();
    known.heardLocations(['203.0.113.7']);
    expect(texts(known.endpoints())).toEqual(['203.0.113.7:8081', '203.0.113.7:8082']);
  });

  it('are the right sides of the pairs the operator gave', () => {
    const known = deployment({ advertisePorts: PAIRS });
    known.heardLocations(['203.0.113.7']);
    expect(texts(known.endpoints())).toEqual(['203.0.113.7:38082', '203.0.113.7:38081']);
  });

  it('are learned from the specification, of all components', () => {
    const known = deployment();
    known.heardLocations(['203.0.113.7']);
    known.heardSpecification({
      instances: 3,
      components: [component('a', 8081, 38081), component('b', 9001, 39001)],
    });
    expect(texts(known.endpoints())).toEqual(['203.0.113.7:38081', '203.0.113.7:39001']);
  });
});

describe('the list of instances', () => {
  it('is the union of recent answers', () => {
    const known = deployment({ maxPorts: 1 });
    known.heardLocations(['203.0.113.1', '203.0.113.2']);
    known.heardLocations(['203.0.113.3']);
    expect(addresses(known).sort()).toEqual(['203.0.113.1', '203.0.113.2', '203.0.113.3']);
  });

  it('loses nobody to empty answers, however many', () => {
    const known = deployment();
    known.heardLocations(['203.0.113.1']);
    for (let i = 0; i < 1000; i += 1) known.heardLocations([]);
    expect(addresses(known)).toEqual(['203.0.113.1']);
  });

  it('loses who was left out of twenty answers that named others', () => {
    const known = deployment();
    known.heardLocations(['203.0.113.1']);
    for (let i = 0; i < 19; i += 1) known.heardLocations(['203.0.113.2']);
    expect(addresses(known)).toContain('203.0.113.1');
    known.heardLocations(['203.0.113.2']);
    expect(addresses(known)).toEqual(['203.0.113.2']);
  });

  it('is bounded, and keeps those that were named last', () => {
    const known = deployment({ maxPorts: 10 });
    const many = Array.from({ length: 250 }, (_, i) => `203.0.113.${i}`);
    known.heardLocations(many);
    expect(known.endpoints().length).toBeLessThanOrEqual(768);
    known.heardLocations(['198.51.100.1']);
    expect(addresses(known)[0]).toBe('198.51.100.1');
    expect(known.endpoints().length).toBeLessThanOrEqual(768);
  });
});

describe('our own address', () => {
  it('means loopback, and only the ports of this component', () => {
    const known = deployment({ hostAddress: '203.0.113.7', advertisePorts: PAIRS });
    known.heardSpecification({
      instances: 3,
      components: [{ name: 'a', ports: PAIRS }, component('b', 9001, 39001)],
    });
    known.heardLocations(['203.0.113.7', '203.0.113.8']);
    expect(texts(known.endpoints())).toEqual([
      '127.0.0.1:8082',
      '127.0.0.1:8081',
      '203.0.113.8:38082',
      '203.0.113.8:38081',
      '203.0.113.8:39001',
    ]);
  });

  it('means the address of loopback that is a host of its own', () => {
    const known = deployment({ hostAddress: '127.0.0.2', loopback: '127.0.0.2', advertisePorts: PAIRS });
    known.heardLocations(['127.0.0.2']);
    expect(texts(known.endpoints())).toEqual(['127.0.0.2:8082', '127.0.0.2:8081']);
  });

  it('is asked like any other while nobody told it', () => {
    const known = deployment({ maxPorts: 1 });
    known.heardLocations(['203.0.113.7']);
    expect(texts(known.endpoints())).toEqual(['203.0.113.7:8081']);
    known.heardOwnAddress('203.0.113.7');
    expect(texts(known.endpoints())).toEqual([]);
  });

  it('is what the host says now, rather than what it said at the start', () => {
    const known = deployment({ hostAddress: '203.0.113.7', maxPorts: 1 });
    known.heardOwnAddress('203.0.113.9');
    known.heardLocations(['203.0.113.7', '203.0.113.9']);
    expect(texts(known.endpoints())).toEqual(['203.0.113.7:8081']);
    expect(known.reach().addresses).toEqual(['203.0.113.9']);
  });

  it('is advertised as the operator gave it, whatever the host says', () => {
    const known = deployment({ address: 'node.example', hostAddress: '203.0.113.7' });
    known.heardOwnAddress('203.0.113.9');
    expect(known.reach().addresses).toEqual(['node.example']);
    expect(deployment().reach().addresses).toEqual([]);
    expect(deployment({ hostAddress: '203.0.113.7' }).reach().addresses).toEqual(['203.0.113.7']);
  });
});

describe('the port of the host', () => {
  const hostPort = (known: Deployment, port: number): number | undefined => known.reach().hostPorts.get(port);

  it('goes by the container port, never by the position', () => {
    const known = deployment({ advertisePorts: PAIRS });
    expect([hostPort(known, 8081), hostPort(known, 8082), hostPort(known, 8083)]).toEqual([
      38081,
      38082,
      undefined,
    ]);
  });

  it('is learned from the specification, and the operator wins', () => {
    const known = deployment({ advertisePorts: [{ containerPort: 8081, hostPort: 31000 }] });
    known.heardSpecification({ instances: 1, components: [{ name: 'a', ports: PAIRS }] });
    expect([hostPort(known, 8081), hostPort(known, 8082)]).toEqual([31000, 38082]);
  });

  it('is not guessed when two components may be this one', () => {
    const known = deployment();
    known.heardSpecification({
      instances: 1,
      components: [component('a', 8081, 38081), component('b', 8082, 39082)],
    });
    expect(hostPort(known, 8081)).toBeUndefined();
  });

  it('tells two components with the same range apart by the pairs', () => {
    const known = deployment({ advertisePorts: [{ containerPort: 8081, hostPort: 39081 }] });
    known.heardSpecification({
      instances: 1,
      components: [component('a', 8081, 38081), component('b', 8081, 39081)],
    });
    expect(hostPort(known, 8081)).toBe(39081);
    expect(texts(known.neighbours())).toEqual(['fluxa_app:8081']);
  });
});

describe("the other components' names", () => {
  it('lead to their ports in the network of this host', () => {
    const known = deployment();
    known.heardSpecification({
      instances: 3,
      components: [component('a', 8081, 38081), component('b', 9001, 39001)],
    });
    expect(texts(known.neighbours())).toEqual(['fluxb_app:9001']);
  });

  it('are all worth a question when two components may be this one', () => {
    const known = deployment();
    known.heardSpecification({
      instances: 1,
      components: [component('a', 8081, 38081), component('b', 8081, 39081), component('c', 9001, 39001)],
    });
    expect(texts(known.neighbours())).toEqual(['fluxa_app:8081', 'fluxb_app:8081', 'fluxc_app:9001']);
  });

  it('are not needed for a single one', () => {
    const known = deployment();
    known.heardSpecification({ instances: 3, components: [component('a', 9999, 38081)] });
    expect(known.neighbours()).toEqual([]);
  });
});

it.each([
  [0, 0, 24_000],
  [0, 0.5, 30_000],
  [0, 1, 36_000],
  [1, 0.5, 2000],
  [2, 0.5, 4000],
  [6, 0.5, 64_000],
  [9, 0.5, 300_000],
  [2000, 0.5, 300_000],
])(
  'after %i failures, with the dice at %d, the next question comes after %i ms',
  (failures, random, delayMs) => {
    const timing = { periodMs: 30_000, retryMs: 2000, retryMaxMs: 300_000 };
    expect(pollDelayMs(timing, failures, random)).toBeCloseTo(delayMs);
  },
);
