// What the platform rejects: the checker agrees with the platform's validator, and names place,
// value and rule.
import fc from 'fast-check';
import { checkSpec } from '../../flux/rules/check-spec';
import { errorsOf, findingsText } from '../../flux/rules/finding';
import { appWith, changed, readJson, samples, verdicts } from './samples';

const COMPONENT = 'compose.0';

describe('the checker of specifications', () => {
  it('has samples of both verdicts', () => {
    expect([samples('accepted').length, samples('rejected').length]).toEqual([9, 13]);
  });

  it.each(samples('accepted'))('accepts $file, as the platform does', ({ document }) => {
    expect(errorsOf(checkSpec(document))).toEqual([]);
  });

  it.each(samples('rejected'))('rejects $file, as the platform does', ({ document }) => {
    expect(errorsOf(checkSpec(document))).not.toEqual([]);
  });

  it.each([
    ['v7-2-instances', '$.instances', '2', '3 to 100'],
    ['v8-banned-8384', '$.compose[0].ports[0]', '8384', 'banned'],
    ['v8-env-object', '$.compose[0].environmentParameters', '{"A":"b"}', 'a list of at most 20 texts'],
    ['v8-healthcheck-key', '$.compose[0].healthCheck', '{"path":"/health"}', 'unknown keys are rejected'],
    ['v8-name-flux', '$.name', '"fluxrepram"', 'not beginning with zel or flux'],
    ['v8-no-enterprise', '$.enterprise', '(missing)', 'required'],
    ['v8-no-tag', '$.compose[0].repotag', '"ticktockbent/repram-flux"', 'with its tag'],
    [
      'v8-one-domain-three-ports',
      '$.compose[0]',
      '{"ports":3,"containerPorts":3,"domains":1}',
      'equally long',
    ],
    ['v8-tiered-key', '$.compose[0].tiered', 'false', 'version 7'],
  ])('says of %s what is wrong at %s, and nothing else', (file, place, value, rule) => {
    const errors = errorsOf(checkSpec(readJson(`test/flux/specs/rejected/${file}.json`)));
    expect(errors).toEqual([
      { severity: 'error', place, value, rule: expect.stringContaining(rule) as string },
    ]);
  });

  it('tells every problem of the plan at once, and where each of its keys belongs', () => {
    const errors = errorsOf(checkSpec(readJson('test/flux/specs/rejected/design-doc.json')));
    expect(errors.map(({ place }) => place)).toEqual([
      ...['$.version', '$.owner', '$.contacts', '$.expire', '$.geolocation', '$.nodes', '$.staticip'],
      ...['$.enterprise', '$.compose', '$.docker_image', '$.port', '$.containerPorts', '$.domains'],
      ...['$.environmentVariables', '$.containerData', '$.healthCheck'],
    ]);
    expect(findingsText(errors)).toContain('compose[].environmentParameters');
  });

  it.each([
    ['version', '8', '$.version'],
    ['name', 'a'.repeat(64), '$.name'],
    ['name', '-fade', '$.name'],
    ['name', 'fade_repram', '$.name'],
    ['name', 'ZelFade', '$.name'],
    ['description', '', '$.description'],
    ['description', 'x'.repeat(257), '$.description'],
    ['owner', '', '$.owner'],
    ['contacts', ['1', '2', '3', '4', '5', '6'], '$.contacts'],
    ['contacts', ['x'.repeat(76)], '$.contacts[0]'],
    ['geolocation', Array.from({ length: 11 }, String), '$.geolocation'],
    ['geolocation', ['x'.repeat(51)], '$.geolocation[0]'],
    ['instances', 0, '$.instances'],
    ['instances', 101, '$.instances'],
    ['instances', '3', '$.instances'],
    ['expire', 1_056_001, '$.expire'],
    ['expire', 0.5, '$.expire'],
    ['staticip', 'false', '$.staticip'],
    ['enterprise', true, '$.enterprise'],
    ['compose', [], '$.compose'],
    ['compose', {}, '$.compose'],
    ['owner', undefined, '$.owner'],
    [`${COMPONENT}.name`, 'fade-node', '$.compose[0].name'],
    [`${COMPONENT}.repotag`, 'localhost:5000/repram', '$.compose[0].repotag'],
    [`${COMPONENT}.ports.1`, 0, '$.compose[0].ports[1]'],
    [`${COMPONENT}.ports.1`, 65_536, '$.compose[0].ports[1]'],
    [`${COMPONENT}.ports.1`, 16_150, '$.compose[0].ports[1]'],
    [`${COMPONENT}.ports.1`, 26_299, '$.compose[0].ports[1]'],
    [`${COMPONENT}.ports.1`, 30_000, '$.compose[0].ports[1]'],
    [`${COMPONENT}.ports.1`, 22, '$.compose[0].ports[1]'],
    [`${COMPONENT}.ports.1`, 38_081, '$.compose[0].ports[1]'],
    [`${COMPONENT}.containerPorts.1`, 8081, '$.compose[0].containerPorts[1]'],
    [`${COMPONENT}.containerPorts.1`, '8082', '$.compose[0].containerPorts[1]'],
    [`${COMPONENT}.domains.1`, null, '$.compose[0].domains[1]'],
    [`${COMPONENT}.environmentParameters`, Array(21).fill('A=b'), '$.compose[0].environmentParameters'],
    [`${COMPONENT}.containerData`, 'tmp', '$.compose[0].containerData'],
    [`${COMPONENT}.ram`, '500', '$.compose[0].ram'],
    [`${COMPONENT}.secrets`, '', '$.compose[0].secrets'],
    [`${COMPONENT}.commands`, 'node', '$.compose[0].commands'],
    ['a key', 1, '$["a key"]'],
  ])('rejects %s = %j, at its place', (path, value, place) => {
    expect(verdicts(errorsOf(checkSpec(appWith(path, value))))).toEqual([`error ${place}`]);
  });

  it.each([
    [`${COMPONENT}.cpu`, 0.3],
    [`${COMPONENT}.cpu`, 0.7],
    [`${COMPONENT}.repotag`, 'localhost:5000/team/repram:v1.0.0'],
    [`${COMPONENT}.environmentParameters.7`, `A=${'x'.repeat(398)}`],
    ['instances', 100],
    ['expire', 1_056_000],
    ['name', 'a'],
    ['name', 'x'.repeat(63)],
  ])('accepts %s = %j', (path, value) => {
    expect(errorsOf(checkSpec(appWith(path, value)))).toEqual([]);
  });

  it('wants host ports and component names that differ between components, and at most ten of them', () => {
    const app = readJson('flux/app.v8.json') as { compose: unknown[] };
    const twice = changed(app, 'compose', [app.compose[0], app.compose[0]]);
    expect(verdicts(errorsOf(checkSpec(twice)))).toEqual([
      ...[0, 1, 2].map((index) => `error $.compose[1].ports[${index}]`),
      'error $.compose[1].name',
    ]);
    const eleven = changed(app, 'compose', Array(11).fill(app.compose[0]));
    expect(verdicts(errorsOf(checkSpec(eleven)))).toContain('error $.compose');
  });

  it('refuses what version 8 brought in version 7, and the other way round', () => {
    const seven = readJson('test/flux/specs/accepted/v7-one-component.json');
    const enterprise = changed(seven, 'enterprise', '');
    expect(verdicts(errorsOf(checkSpec(enterprise)))).toEqual(['error $.enterprise']);
    const untiered = changed(seven, 'compose.0.tiered', undefined);
    expect(verdicts(errorsOf(checkSpec(untiered)))).toEqual(['error $.compose[0].tiered']);
  });

  it('has an answer to any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        expect(errorsOf(checkSpec(document))).not.toEqual([]);
      }),
    );
    const paths = ['name', 'compose', 'compose.0', 'compose.0.ports', 'compose.0.ports.0'].concat(
      ['containerPorts', 'domains.0', 'environmentParameters', 'repotag', 'ram'].map(
        (key) => `compose.0.${key}`,
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        expect(findingsText(checkSpec(appWith(path, value)))).toMatch(/\d+ errors?, \d+ warnings?\n$/);
      }),
    );
  });
});
