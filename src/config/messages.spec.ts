// What an operator reads about wrong settings: every number in it is one that was given or is
// allowed, whatever else is wrong at the same time.
import { readLauncherSettings, readNodeSettings, readProcessSettings } from './read-settings';
import { KNOWN_VARIABLES } from './variables';

type Environment = Readonly<Record<string, string>>;

const BAD = ['abc', '-1', '1e3', '0x10', '999999999999999999999', '1.5', 'NaN', ','];
/** What makes other variables count, or count otherwise. */
const COMPANIONS: readonly Environment[] = [
  {},
  { REPRAM_ISOLATION: 'none' },
  { REPRAM_ISOLATION: 'none', REPRAM_MAX_CONNECTIONS: '1000000', NODE_COUNT: 'x' },
  { APP_NAME: 'app', REPRAM_MAX_CONNECTIONS: 'y', REPRAM_MIN_TTL: 'z' },
  { BASE_PORT: '65000', MAX_PORTS: '1000', REPRAM_ADVERTISE_PORTS: '1:2' },
];

function messages(env: Environment): string[] {
  return [readLauncherSettings, readNodeSettings].flatMap((read) => {
    const result = read(env);
    const problems = result.ok ? [] : result.problems;
    return [...result.warnings, ...problems.map(({ allowed }) => allowed)];
  });
}

describe('messages about settings', () => {
  it('never show a number that nobody gave', () => {
    for (const { name } of KNOWN_VARIABLES) {
      for (const companion of COMPANIONS) {
        for (const text of BAD) {
          const env = { ...companion, [name]: text };
          for (const message of messages(env)) {
            const shown = Object.values(env).reduce((rest, given) => rest.replaceAll(given, ''), message);
            expect({ env, shown }).toEqual({
              env,
              shown: expect.not.stringMatching(/NaN|undefined|Infinity|null/),
            });
          }
          expect(readProcessSettings(env).beatIntervalMs).toBeGreaterThanOrEqual(100);
        }
      }
    }
  });

  it('give no advice about numbers that are wrong', () => {
    const result = readNodeSettings({ REPRAM_MAX_CONNECTIONS: 'abc' }, { descriptors: 1024 });
    expect(result.ok).toBe(false);
    expect(result.warnings).toEqual([]);
  });

  it('tell of more connections than descriptors with the numbers of both', () => {
    const { warnings } = readNodeSettings({ REPRAM_MAX_CONNECTIONS: '5000' }, { descriptors: 1024 });
    expect(warnings).toEqual([
      'REPRAM_MAX_CONNECTIONS is 5000, taken as 768: this process may have 1024 descriptors open (ulimit -n)',
    ]);
  });
});
