// Each rule of the platform's validator, by what it accepts and what it rejects. What it accepts is
// no error here, though it may be a warning; what it rejects is an error at its place.
import { checkSpec } from '../../flux/rules/check-spec';
import { errorsOf } from '../../flux/rules/finding';
import { changed, readJson, verdicts } from './samples';

type Version = 7 | 8;

const BASES: Readonly<Record<Version, unknown>> = {
  7: readJson('test/flux/specs/accepted/v7-one-component.json'),
  8: readJson('test/flux/specs/accepted/v8-one-component.json'),
};

const letters = (count: number): string => 'x'.repeat(count);
const times = (count: number, item: string): string[] => Array.from({ length: count }, () => item);
const blob = 'ZW5jcnlwdGVk';
const tag = (length: number): string => `org/${letters(length - 7)}:v1`;

interface Row {
  readonly rule: string;
  readonly of?: readonly Version[];
  readonly path: string;
  readonly accepted: readonly unknown[];
  readonly rejected: readonly unknown[];
  /** Where the error is, if not at the path. */
  readonly at?: string;
}

const C = 'compose.0';
const ROWS: readonly Row[] = [
  {
    rule: 'a name has 63 characters in version 8',
    of: [8],
    path: 'name',
    accepted: ['a', letters(63)],
    rejected: ['', letters(64)],
  },
  {
    rule: 'a name has 32 characters in version 7',
    of: [7],
    path: 'name',
    accepted: [letters(32)],
    rejected: [letters(33)],
  },
  {
    rule: 'hyphens are inside of a name, in version 8',
    of: [8],
    path: 'name',
    accepted: ['a-b'],
    rejected: ['-a', 'a-', 'a_b'],
  },
  { rule: 'version 7 takes no hyphen', of: [7], path: 'name', accepted: ['ab'], rejected: ['a-b'] },
  {
    rule: 'some names are taken',
    path: 'name',
    accepted: ['watchtowers', 'aflux'],
    rejected: ['watchtower', 'zelapp', 'fluxapp'],
  },
  {
    rule: 'a description has 1 to 256 characters',
    path: 'description',
    accepted: ['x', letters(256)],
    rejected: ['', letters(257)],
  },
  {
    rule: 'an application has an owner',
    path: 'owner',
    accepted: ['0x52908400098527886E0F7030069857D2E4169EE7'],
    rejected: ['', 1, undefined],
  },
  {
    rule: 'version 8 has from 1 instance',
    of: [8],
    path: 'instances',
    accepted: [1, 100],
    rejected: [0, 101],
  },
  {
    rule: 'version 7 has from 3 instances',
    of: [7],
    path: 'instances',
    accepted: [3, 100],
    rejected: [2, 101],
  },
  { rule: 'there are 5 contacts', path: 'contacts', accepted: [times(5, 'a')], rejected: [times(6, 'a')] },
  {
    rule: 'a contact has 75 characters',
    path: 'contacts',
    accepted: [[letters(75)]],
    rejected: [[letters(76)]],
    at: '$.contacts[0]',
  },
  {
    rule: 'there are 10 places',
    path: 'geolocation',
    accepted: [times(10, 'acEU')],
    rejected: [times(11, 'acEU')],
  },
  {
    rule: 'a place has 50 characters',
    path: 'geolocation',
    accepted: [[letters(50)]],
    rejected: [[letters(51)]],
    at: '$.geolocation[0]',
  },
  {
    rule: 'an application runs for 1 to 1056000 blocks',
    path: 'expire',
    accepted: [1, 1_056_000],
    rejected: [0, 1_056_001],
  },
  {
    rule: 'version 7 chooses up to 120 nodes',
    of: [7],
    path: 'nodes',
    accepted: [[], times(120, '1.2.3.4')],
    rejected: [times(121, '1.2.3.4')],
  },
  {
    rule: 'version 8 chooses nodes for enterprise applications only',
    of: [8],
    path: 'nodes',
    accepted: [[]],
    rejected: [['1.2.3.4']],
  },
  {
    rule: 'whether the address stays is a boolean',
    path: 'staticip',
    accepted: [true, false],
    rejected: ['false', 0, undefined],
  },
  {
    rule: 'version 8 has the key enterprise',
    of: [8],
    path: 'enterprise',
    accepted: ['', false, blob],
    rejected: [undefined, true, null],
  },
  {
    rule: 'version 7 has no key enterprise',
    of: [7],
    path: 'enterprise',
    accepted: [undefined],
    rejected: [''],
  },
  { rule: 'unknown keys are rejected', path: 'replicas', accepted: [undefined], rejected: [3] },
  {
    rule: 'a component has 63 letters of a name in version 8',
    of: [8],
    path: `${C}.name`,
    accepted: [letters(63)],
    rejected: ['', letters(64), 'a-b'],
  },
  {
    rule: 'a component has 32 letters of a name in version 7',
    of: [7],
    path: `${C}.name`,
    accepted: [letters(32)],
    rejected: [letters(33), 'a-b'],
  },
  {
    rule: 'a component is described in 1 to 256 characters',
    path: `${C}.description`,
    accepted: ['x', letters(256)],
    rejected: ['', letters(257)],
  },
  {
    rule: 'an image has a tag',
    path: `${C}.repotag`,
    accepted: ['a:1', 'localhost:5000/a/b:v1'],
    rejected: ['a', 'localhost:5000/a'],
  },
  { rule: 'an image has 200 characters', path: `${C}.repotag`, accepted: [tag(200)], rejected: [tag(201)] },
  {
    rule: 'credentials are a text',
    path: `${C}.repoauth`,
    accepted: ['', 'pgp'],
    rejected: [undefined, null],
  },
  {
    rule: 'host ports may stand in quotes',
    path: `${C}.ports`,
    accepted: [['38081', 38_082, 38_083]],
    rejected: [
      ['x', 38_082, 38_083],
      ['70000', 38_082, 38_083],
    ],
    at: '$.compose[0].ports[0]',
  },
  {
    rule: 'banned host ports are banned in quotes, too',
    path: `${C}.ports`,
    accepted: [['8385', 38_082, 38_083]],
    rejected: [['8384', 38_082, 38_083]],
    at: '$.compose[0].ports[0]',
  },
  {
    rule: 'container ports are numbers',
    path: `${C}.containerPorts`,
    accepted: [[8081, 8082, 8083]],
    rejected: [['8081', 8082, 8083]],
    at: '$.compose[0].containerPorts[0]',
  },
  {
    rule: 'container ports differ',
    path: `${C}.containerPorts`,
    accepted: [[8081, 8082, 8083]],
    rejected: [[8081, 8081, 8083]],
    at: '$.compose[0].containerPorts[1]',
  },
  {
    rule: 'lists of ports and domains are equally long',
    path: `${C}.domains`,
    accepted: [['', '', '']],
    rejected: [['', '']],
    at: '$.compose[0]',
  },
  {
    rule: 'a domain has 253 characters',
    path: `${C}.domains`,
    accepted: [[letters(253), '', '']],
    rejected: [[letters(254), '', '']],
    at: '$.compose[0].domains[0]',
  },
  {
    rule: 'there are 20 variables',
    path: `${C}.environmentParameters`,
    accepted: [times(20, 'A=b')],
    rejected: [times(21, 'A=b'), { A: 'b' }],
  },
  {
    rule: 'a variable has 400 characters, and its "=" is not looked for',
    path: `${C}.environmentParameters`,
    accepted: [[letters(400)]],
    rejected: [[letters(401)]],
    at: '$.compose[0].environmentParameters[0]',
  },
  {
    rule: 'there are 20 commands',
    path: `${C}.commands`,
    accepted: [times(20, 'a')],
    rejected: [times(21, 'a')],
  },
  {
    rule: 'a command has 400 characters',
    path: `${C}.commands`,
    accepted: [[letters(400)]],
    rejected: [[letters(401)]],
    at: '$.compose[0].commands[0]',
  },
  {
    rule: 'a folder is absolute and has 2 to 200 characters',
    path: `${C}.containerData`,
    accepted: ['/a', `/${letters(199)}`, 'g:/a'],
    rejected: ['/', `/${letters(200)}`, 'tmp'],
  },
  {
    rule: 'cores are counted in all',
    path: `${C}.cpu`,
    accepted: [0.25, 15],
    rejected: [15.1],
    at: '$.compose[].cpu',
  },
  {
    rule: 'memory is counted in all',
    path: `${C}.ram`,
    accepted: [256, 59_000],
    rejected: [59_001],
    at: '$.compose[].ram',
  },
  {
    rule: 'disk is counted in all',
    path: `${C}.hdd`,
    accepted: [1.5, 820],
    rejected: [821],
    at: '$.compose[].hdd',
  },
  {
    rule: 'version 7 has secrets and tiers',
    of: [7],
    path: `${C}.tiered`,
    accepted: [true, false],
    rejected: [undefined, 'false'],
  },
  {
    rule: 'tiers of version 7 bring keys',
    of: [7],
    path: `${C}.cpubasic`,
    accepted: [1, undefined],
    rejected: ['1'],
  },
  {
    rule: 'secrets need nodes',
    of: [7],
    path: `${C}.secrets`,
    accepted: [''],
    rejected: ['message', undefined],
  },
  { rule: 'version 8 refuses secrets', of: [8], path: `${C}.secrets`, accepted: [undefined], rejected: [''] },
  { rule: 'version 8 refuses tiers', of: [8], path: `${C}.tiered`, accepted: [undefined], rejected: [false] },
  {
    rule: 'version 8 refuses the keys of tiers',
    of: [8],
    path: `${C}.cpubasic`,
    accepted: [undefined],
    rejected: [1],
  },
];

const placeOf = (path: string): string => `$.${path.replaceAll(/\.(\d+)/g, '[$1]')}`;

describe.each(ROWS)('$rule ($path)', ({ of = [7, 8], path, accepted, rejected, at }) => {
  it.each(of.flatMap((version) => accepted.map((value) => [version, value] as const)))(
    'version %i accepts %j',
    (version, value) => {
      expect(errorsOf(checkSpec(changed(BASES[version], path, value)))).toEqual([]);
    },
  );

  it.each(of.flatMap((version) => rejected.map((value) => [version, value] as const)))(
    'version %i rejects %j',
    (version, value) => {
      const found = verdicts(errorsOf(checkSpec(changed(BASES[version], path, value))));
      expect(found).toEqual([`error ${at ?? placeOf(path)}`]);
    },
  );
});

it('enterprise applications choose nodes in version 8, up to 120', () => {
  const enterprise = changed(BASES[8], 'enterprise', blob);
  expect(errorsOf(checkSpec(changed(enterprise, 'nodes', times(120, '1.2.3.4'))))).toEqual([]);
  expect(errorsOf(checkSpec(changed(enterprise, 'nodes', times(121, '1.2.3.4'))))).toHaveLength(1);
});

it('secrets of version 7 are accepted with the nodes that may read them', () => {
  const chosen = changed(BASES[7], 'nodes', ['1.2.3.4']);
  expect(errorsOf(checkSpec(changed(chosen, `${C}.secrets`, 'message')))).toEqual([]);
});

it('sums what components take, whatever each of them takes', () => {
  const { compose } = readJson('test/flux/specs/accepted/v8-two-components-ten-ports.json') as {
    compose: object[];
  };
  const spec = readJson('test/flux/specs/accepted/v8-two-components-ten-ports.json');
  const taking = (cpu: number): unknown =>
    changed(
      spec,
      'compose',
      compose.map((each) => ({ ...each, cpu })),
    );
  expect(errorsOf(checkSpec(taking(7.5)))).toEqual([]);
  expect(verdicts(errorsOf(checkSpec(taking(7.6))))).toEqual(['error $.compose[].cpu']);
});

it.each([1, 2, 3, 4, 5, 6])('version %i is taken, unchecked', (version) => {
  expect(errorsOf(checkSpec({ version, name: 'x' }))).toEqual([]);
});

it.each([0, 9, '8', null])('version %j is none', (version) => {
  expect(verdicts(errorsOf(checkSpec(changed(BASES[8], 'version', version))))).toEqual(['error $.version']);
});

it('an application has 1 to 10 components', () => {
  const [component] = (BASES[8] as { compose: object[] }).compose;
  const copies = (count: number): unknown =>
    changed(
      BASES[8],
      'compose',
      Array.from({ length: count }, (_, index) => ({
        ...component,
        name: `node${index}`,
        ports: [1, 2, 3].map((port) => 38_000 + 10 * index + port),
      })),
    );
  expect(errorsOf(checkSpec(copies(10)))).toEqual([]);
  expect(verdicts(errorsOf(checkSpec(copies(11))))).toEqual(['error $.compose']);
  expect(verdicts(errorsOf(checkSpec(copies(0))))).toEqual(['error $.compose']);
});
