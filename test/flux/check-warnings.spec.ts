// What the platform accepts and a person should know: warnings never fail, and every one has its
// place.
import { checkSpec } from '../../flux/rules/check-spec';
import { errorsOf, findingsText } from '../../flux/rules/finding';
import { appWith, readJson, verdicts } from './samples';

const ENVIRONMENT = 'compose.0.environmentParameters';
/** What is left to do in the file that ships. */
const OPEN = ['warning $.owner', 'warning $.compose[0].environmentParameters'];

/** The environment of flux/app.v8.json with one variable more. */
function appWithVariable(item: string): unknown {
  const app = readJson('flux/app.v8.json') as { compose: { environmentParameters: string[] }[] };
  return appWith(ENVIRONMENT, [...app.compose[0].environmentParameters, item]);
}

/** The rules of warnings at places that the file that ships does not have. */
function added(document: unknown, place: string): string[] {
  const findings = checkSpec(document);
  expect(errorsOf(findings)).toEqual([]);
  return findings.filter((finding) => finding.place === place).map(({ rule }) => rule);
}

describe('warnings of the checker', () => {
  it('leave of the file that ships only the owner and the secret to a person', () => {
    expect(verdicts(checkSpec(readJson('flux/app.v8.json')))).toEqual(OPEN);
  });

  it.each([
    ['name', 'fade-repram', '$.name', 'hyphens'],
    ['instances', 2, '$.instances', '202'],
    ['compose.0.ports.1', 8443, '$.compose[0].ports[1]', 'surcharge'],
    ['compose.0.ports.1', 443, '$.compose[0].ports[1]', 'surcharge'],
    ['compose.0.ports.1', 20_000, '$.compose[0].ports[1]', 'fewest collisions'],
    ['compose.0.ports.1', 31_000, '$.compose[0].environmentParameters[4]', '8082:31000'],
    ['compose.0.repotag', 'ticktockbent/repram-flux:latest', '$.compose[0].repotag', 'moves'],
    ['compose.0.repotag', 'ticktockbent/repram-flux:v1.0', '$.compose[0].repotag', 'moves'],
    ['compose.0.repotag', 'TickTock/repram-flux:v1.0.0', '$.compose[0].repotag', 'no capital letters'],
    ['compose.0.repoauth', 'user:word', '$.compose[0].repoauth', 'publicly readable'],
    ['compose.0.domains.1', 'https://fade.repram.io', '$.compose[0].domains[1]', 'bare host name'],
    ['compose.0.containerData', 'g:/data', '$.compose[0].containerData', 'routed'],
    ['compose.0.containerData', '/data', '$.compose[0].containerData', 'nothing on disk'],
    ['compose.0.ram', 550, '$.compose[0].ram', 'steps of 100'],
    ['compose.0.ram', 256, '$.compose[0].ram', 'steps of 100'],
    ['compose.0.cpu', 0.25, '$.compose[0].cpu', 'steps of 0.1'],
    ['compose.0.cpu', 0, '$.compose[0].cpu', 'nothing runs'],
    ['compose.0.hdd', 1.5, '$.compose[0].hdd', 'steps of 1'],
    ['compose.0.ports.1', '38082', '$.compose[0].ports[1]', 'a number is meant'],
    [
      'compose.0.environmentParameters.0',
      'NODE_COUNT',
      '$.compose[0].environmentParameters[0]',
      'sets nothing',
    ],
    ['owner', 'me', '$.owner', 'a Flux ID'],
    ['version', 6, '$.version', 'only those of versions 7 and 8 are checked'],
    ['compose.0.ram', 300, '$.compose[0].ram', 'killed'],
    ['compose.0.containerPorts.2', 8084, '$.compose[0].containerPorts', '8083 cannot be reached'],
    ['compose.0.containerPorts.2', 8084, '$.compose[0].containerPorts[2]', 'no node listens'],
  ])('tell of %s = %j', (path, value, place, words) => {
    expect(added(appWith(path, value), place)).toContainEqual(expect.stringContaining(words));
  });

  it.each([
    ['API_TOKEN=abc', 'publicly readable'],
    ['REPRAM_CLUSTER_SECRET=0123456789abcdef', 'publicly readable'],
    ['TIMEOUT_SECONDS=5', 'gateway'],
    ['timeout=5', 'gateway'],
    ['DISCOVERY_DOMAIN=fade.repram.io', 'finds nobody'],
    ['REPRAM_RATE_LIMIT=0', 'without a limit'],
    ['REPRAM_TRUST_PROXY=false', 'share 100 requests'],
    ['REPRAM_ADVERTISE_PORTS=8081:8081', '8081:38081,8082:38082,8083:38083'],
    ['REPRAM_RATE_LIMT=10', 'nearest known variable is REPRAM_RATE_LIMIT'],
    ['REPRAM_BOOTSTRAP_PEERS=1.2.3.4:8081', 'deprecated'],
    ['NODE_COUNT=3', 'set before'],
  ])('tell of the variable %s', (item, words) => {
    expect(added(appWithVariable(item), '$.compose[0].environmentParameters[8]')).toContainEqual(
      expect.stringContaining(words),
    );
  });

  it('leave the name of a registry its capital letters', () => {
    const app = appWith('compose.0.repotag', 'Images.Example:5000/team/repram:v1.0.0-RC1');
    expect(added(app, '$.compose[0].repotag')).toEqual([]);
  });

  it('never print a secret', () => {
    const text = findingsText(checkSpec(appWithVariable('REPRAM_CLUSTER_SECRET=very-private')));
    expect(text).not.toContain('very-private');
    expect(text).toContain('REPRAM_CLUSTER_SECRET=(12 characters)');
  });

  it.each(['F_S_ENV=https://example.org/variables', 'REPRAM_CLUSTER_SECRET_FILE=/run/secret'])(
    'are content with a secret from %s',
    (item) => {
      expect(verdicts(checkSpec(appWithVariable(item)))).toEqual(['warning $.owner']);
    },
  );

  it('miss the host ports where they are not told', () => {
    const rules = added(appWith(`${ENVIRONMENT}.4`, 'A=b'), '$.compose[0].environmentParameters');
    expect(rules).toContainEqual(expect.stringMatching(/^REPRAM_ADVERTISE_PORTS: .*8081:38081/));
  });

  it('know a component without ports, and do not expect a gateway to reach it', () => {
    const rules = added(readJson('test/flux/specs/accepted/v8-no-ports.json'), '$.compose[0].ports');
    expect(rules).toEqual([expect.stringContaining('nobody outside')]);
  });
});
