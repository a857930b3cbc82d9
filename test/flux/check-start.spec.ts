// What REPRAM refuses at its start is an error of the specification too, by REPRAM's own reader of
// settings.
import { checkSpec } from '../../flux/rules/check-spec';
import { errorsOf } from '../../flux/rules/finding';
import { readLauncherSettings } from '../../src/config/read-settings';
import { changed, readJson } from './samples';

interface App {
  readonly compose: readonly { readonly environmentParameters: readonly string[] }[];
}

const ITEMS = (readJson('flux/app.v8.json') as App).compose[0].environmentParameters;

function appWith(...items: readonly string[]): unknown {
  return changed(readJson('flux/app.v8.json'), 'compose.0.environmentParameters', [...ITEMS, ...items]);
}

function errors(document: unknown): { place: string; rule: string }[] {
  return errorsOf(checkSpec(document)).map(({ place, rule }) => ({ place, rule }));
}

/** Whether the launcher would start with what the container gets. */
function starts(...items: readonly string[]): boolean {
  const pairs = [...ITEMS, ...items].map((item): [string, string] => {
    const split = item.indexOf('=');
    return [item.slice(0, split), item.slice(split + 1)];
  });
  return readLauncherSettings({ FLUX_APP_NAME: 'app', ...Object.fromEntries(pairs) }).ok;
}

describe('errors of the checker about REPRAM', () => {
  it.each([
    ['NODE_COUNT=99', 'at most MAX_PORTS'],
    ['NODE_COUNT=0', 'a whole number'],
    ['BASE_PORT=high', 'a whole number'],
    ['BASE_PORT=65534', 'at most 2 with BASE_PORT'],
    ['REPRAM_ADVERTISE_PORTS=38081', 'container port:host port'],
    ['REPRAM_ADVERTISE_PORTS=38081:8081', 'container ports of the range'],
    ['REPRAM_MIN_TTL=90000', 'at most REPRAM_MAX_TTL'],
    ['REPRAM_DEFAULT_TTL=1', 'at least REPRAM_MIN_TTL'],
    ['REPRAM_WRITE_TIMEOUT_MS=30000', "behind the platform's gateway"],
    ['REPRAM_ADDRESS=localhost', 'other hosts can reach'],
    ['REPRAM_ISOLATION=some', 'one of process, none'],
    ['REPRAM_BOOTSTRAP_PEERS=no-port', 'host:port'],
  ])('are what the launcher refuses: %s', (item, words) => {
    expect(starts(item)).toBe(false);
    const rule = expect.stringMatching(/^REPRAM will not start; allowed: /) as string;
    const found = errors(appWith(item));
    expect(found.length).toBeGreaterThan(0);
    for (const each of found)
      expect(each).toEqual({ place: expect.stringContaining('$.compose[0]') as string, rule });
    expect(found.map((each) => each.rule).join(' ')).toContain(words);
  });

  it('are two secrets', () => {
    const both = ['REPRAM_CLUSTER_SECRET=a-long-secret', 'REPRAM_CLUSTER_SECRET_FILE=/app/secret'];
    expect(starts(...both)).toBe(false);
    const rule = expect.stringContaining('one secret at most') as string;
    expect(errors(appWith(...both))).toEqual([{ place: '$.compose[0].environmentParameters[9]', rule }]);
  });

  it('are told of the earlier versions whose components are like these', () => {
    for (const version of [4, 5, 6])
      expect(errors(changed(appWith('NODE_COUNT=99'), 'version', version))).toHaveLength(1);
  });

  it('are none where the launcher would start', () => {
    expect(starts()).toBe(true);
    expect(errors(appWith())).toEqual([]);
    expect(errors(changed(appWith(), 'version', 6))).toEqual([]);
  });
});
