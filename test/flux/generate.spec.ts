// From the plan to a specification: what it says, why it differs, and that the platform takes
// whatever comes out.
import fc from 'fast-check';
import { readAnswers, type Answers } from '../../flux/generator/answers';
import { changesText } from '../../flux/generator/change';
import { generate, type Generated } from '../../flux/generator/generate';
import { layoutOf, ramFor } from '../../flux/generator/layout';
import { planErrors, type Plan } from '../../flux/generator/plan';
import { memoryBudget } from '../../src/config/memory-budget';
import { checkSpec } from '../../flux/rules/check-spec';
import { errorsOf } from '../../flux/rules/finding';
import { readJson, verdicts } from './samples';

interface Component {
  readonly name: string;
  readonly repotag: string;
  readonly ports: readonly number[];
  readonly containerPorts: readonly number[];
  readonly domains: readonly string[];
  readonly environmentParameters: readonly string[];
  readonly ram: number;
}

const plan = readJson('flux/app.plan.json') as Plan;

function answers(...args: readonly string[]): Answers {
  const read = readAnswers(args);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

function generated(args: readonly string[], of: Plan = plan): Generated {
  const result = generate(of, answers(...args));
  if (typeof result === 'string') throw new Error(result);
  return result;
}

const compose = (args: readonly string[]): readonly Component[] =>
  generated(args).spec.compose as readonly Component[];

describe('the generator of specifications', () => {
  it('makes of the plan the file that ships', () => {
    expect(generated(['--ports', '3', '--tag', 'v1.0.0']).spec).toEqual(readJson('flux/app.v8.json'));
  });

  it('starts from the plan as it was written', () => {
    expect(plan).toEqual(readJson('test/flux/specs/rejected/design-doc.json'));
    expect(planErrors(plan)).toEqual([]);
  });

  it("makes two components of the plan's ten ports, each with its own range and nodes", () => {
    const components = compose([]);
    expect(components.map(({ name, ports, containerPorts }) => ({ name, ports, containerPorts }))).toEqual([
      {
        name: 'node',
        ports: [38081, 38082, 38083, 38084, 38085],
        containerPorts: [8081, 8082, 8083, 8084, 8085],
      },
      {
        name: 'node2',
        ports: [38086, 38087, 38088, 38089, 38090],
        containerPorts: [8086, 8087, 8088, 8089, 8090],
      },
    ]);
    expect(components.map(({ environmentParameters }) => environmentParameters.slice(0, 3))).toEqual([
      ['BASE_PORT=8081', 'MAX_PORTS=5', 'NODE_COUNT=2'],
      ['BASE_PORT=8086', 'MAX_PORTS=5', 'NODE_COUNT=1'],
    ]);
    expect(components[1].environmentParameters).toContain(
      'REPRAM_ADVERTISE_PORTS=8086:38086,8087:38087,8088:38088,8089:38089,8090:38090',
    );
    expect(components.map(({ domains }) => domains)).toEqual([
      ['fade.repram.io', '', '', '', ''],
      ['', '', '', '', ''],
    ]);
  });

  it('takes every answer', () => {
    const { spec } = generated([
      ...['--owner', 'id', '--name', 'board', '--tag', 'v2.0.1', '--instances', '5', '--ports', '2'],
      ...[
        '--nodes',
        '2',
        '--host-port',
        '39000',
        '--domain',
        'a.example.org',
        '--cpu',
        '0.8',
        '--ram',
        '900',
      ],
      ...['--hdd', '2', '--expire', '44000', '--contact', 'x', '--contact', 'y', '--geolocation', 'acEU'],
      ...['--env', 'REPLICATION_FACTOR=5', '--env', 'A=b=c', '--env', 'REPRAM_RATE_LIMIT='],
    ]);
    expect(spec).toMatchObject({
      version: 8,
      owner: 'id',
      name: 'board',
      instances: 5,
      expire: 44_000,
      enterprise: '',
      contacts: ['x', 'y'],
      geolocation: ['acEU'],
    });
    expect(spec.compose).toEqual([
      expect.objectContaining({
        repotag: 'ticktockbent/repram-flux:v2.0.1',
        cpu: 0.8,
        ram: 900,
        hdd: 2,
        ports: [39_000, 39_001],
        domains: ['a.example.org', ''],
        environmentParameters: [
          ...['BASE_PORT=8081', 'MAX_PORTS=2', 'NODE_COUNT=2', 'REPRAM_CLUSTER=board'],
          ...['REPRAM_ADVERTISE_PORTS=8081:39000,8082:39001', 'REPRAM_TRUST_PROXY=true'],
          ...['REPLICATION_FACTOR=5', 'A=b=c'],
        ],
      }),
    ]);
  });

  it('writes version 7 with the keys of version 7', () => {
    const { spec } = generated(['--version', '7']);
    expect(spec).not.toHaveProperty('enterprise');
    expect(spec.compose).toMatchObject(Array(2).fill({ secrets: '', tiered: false }));
    expect(errorsOf(checkSpec(spec))).toEqual([]);
    expect(verdicts(errorsOf(checkSpec(generated(['--version', '7', '--instances', '2']).spec)))).toEqual([
      'error $.instances',
    ]);
  });

  it('passes the checker with whatever number of ports, nodes and instances', () => {
    const shape = fc.integer({ min: 1, max: 50 }).chain((ports) =>
      fc.record({
        ports: fc.constant(ports),
        nodes: fc.integer({ min: Math.ceil(ports / 5), max: ports }),
        hostPort: fc.integer({ min: 31_000, max: 39_900 }),
        instances: fc.integer({ min: 3, max: 100 }),
        version: fc.constantFrom('7', '8'),
      }),
    );
    fc.assert(
      fc.property(shape, ({ ports, nodes, hostPort, instances, version }) => {
        const { spec } = generated([
          ...['--ports', String(ports), '--nodes', String(nodes), '--host-port', String(hostPort)],
          ...['--instances', String(instances), '--version', version],
        ]);
        expect(errorsOf(checkSpec(spec))).toEqual([]);
        const components = spec.compose as readonly Component[];
        expect(components.flatMap((each) => each.ports)).toHaveLength(ports);
        const counts = components.map(({ environmentParameters }) =>
          Number(environmentParameters[2].slice(11)),
        );
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(nodes);
      }),
      { numRuns: 50 },
    );
  });

  it('explains each change', () => {
    const text = changesText(generated(['--ports', '6']).changes);
    for (const words of [
      'fade-repram -> faderepram',
      'docker_image becomes repotag',
      '3 containers on 3 hosts',
      'ports: 10 -> 6',
      '6 ports become 2 components',
      'component node2: host ports 38084-38086 on 8084-8086',
      'DISCOVERY_DOMAIN=fade.repram.io is left out',
      'healthCheck is left out',
      'port is left out',
      'domains: fade.repram.io for the first port',
    ]) {
      expect(text).toContain(words);
    }
    const unknown = generated(['--name', 'x', '--domain', ''], { ...plan, replicas: 3 });
    expect(changesText(unknown.changes)).toContain('replicas is left out\n    unknown to the platform');
    expect(changesText(unknown.changes)).toContain('domains: none');
  });

  it('leaves out static peers, unless they are asked for', () => {
    const peers = { ...plan, environmentVariables: { REPRAM_BOOTSTRAP_PEERS: '1.2.3.4:8081' } };
    const items = (args: readonly string[]): string =>
      String((generated(args, peers).spec.compose as Component[])[0].environmentParameters);
    expect(items([])).not.toContain('1.2.3.4');
    expect(items(['--env', 'REPRAM_PEERS=1.2.3.4:38081'])).toContain('REPRAM_PEERS=1.2.3.4:38081');
  });
});

describe('answers that cannot be', () => {
  it.each([
    [['--version', '6'], '--version takes 8 or 7'],
    [['--instances', 'many'], '--instances takes a whole number, not "many"'],
    [['--cpu', '-1'], '--cpu'],
    [['--env', 'NODE_COUNT'], '--env takes KEY=VALUE'],
    [['--nonsense'], '--nonsense'],
    [['a.json', 'b.json'], 'name one plan'],
  ])('%j are refused with a sentence', (args, words) => {
    expect(readAnswers(args)).toEqual(expect.stringContaining(words));
  });

  it.each([
    [['--nodes', '11'], '10 ports are for 2 to 10 nodes'],
    [['--nodes', '1'], '10 ports are for 2 to 10 nodes'],
    [['--ports', '0'], 'at least one port'],
  ])('%j are refused with a sentence, too', (args, words) => {
    expect(generate(plan, answers(...args))).toEqual(expect.stringContaining(words));
  });

  it.each([['abc'], ['2.5'], ['-1'], ['1e9']])(
    'a plan with NODE_COUNT %s is refused by what it says',
    (given) => {
      const odd = { ...plan, environmentVariables: { NODE_COUNT: given } };
      expect(generate(odd, answers())).toEqual(expect.stringContaining(`(--nodes), not "${given}":`));
    },
  );

  it.each([
    [[], '$'],
    [{ ...plan, docker_image: undefined }, '$.docker_image'],
    [{ ...plan, containerPorts: [] }, '$.containerPorts'],
    [{ ...plan, containerPorts: [8081, 8083] }, '$.containerPorts[1]'],
    [{ ...plan, environmentVariables: { NODE_COUNT: 3 } }, '$.environmentVariables.NODE_COUNT'],
  ])('%j is no plan', (document, place) => {
    expect(planErrors(JSON.parse(JSON.stringify(document)))[0].place).toBe(place);
  });
});

describe('the layout', () => {
  it.each([
    [1, [1]],
    [5, [5]],
    [6, [3, 3]],
    [7, [4, 3]],
    [11, [4, 4, 3]],
  ])('spreads %i ports evenly over as few components as hold them', (ports, shares) => {
    const layouts = layoutOf({ basePort: 8081, hostPort: 38_081, ports, nodes: ports });
    expect(layouts.map((layout) => layout.ports)).toEqual(shares);
    expect(layouts.map((layout) => layout.nodes)).toEqual(shares);
  });

  it('gives the nodes memory for 45 MB of data each, in steps of 100', () => {
    expect([1, 2, 3, 4, 5].map(ramFor)).toEqual([300, 400, 500, 700, 800]);
    for (const nodes of [1, 2, 3, 4, 5]) {
      const shape = { limitBytes: ramFor(nodes) * 1_048_576, nodeCount: nodes, storageMegabytes: 0 };
      expect(memoryBudget({ ...shape, isolation: 'process' }).storageMegabytes).toBeGreaterThanOrEqual(45);
    }
  });
});
