// docs/flux.md tells the same figures as the checker and the generator hold.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ramFor } from '../../flux/generator/layout';
import { BANNED_PORTS, QUIET_PORTS, rangesText, SURCHARGED_PORTS } from '../../flux/rules/ports';
import { KNOWN_VARIABLES, RESERVED_VARIABLES } from '../../src/config/variables';
import { readJson } from './samples';

const text = readFileSync(join(__dirname, '../../docs/flux.md'), 'utf8');

/** Set by the platform, or read by it. */
const OF_THE_PLATFORM = ['FLUX_APP_NAME', 'F_S_ENV'];
const DEPRECATED = ['REPRAM_BOOTSTRAP_PEERS'];
const PLACEHOLDERS = ['NODE_IP', 'YOUR_FLUX_ID', 'NAME_HOSTPORT'];

describe('docs/flux.md', () => {
  it('lists the ports that the checker knows', () => {
    for (const ranges of [BANNED_PORTS, SURCHARGED_PORTS, [QUIET_PORTS]]) {
      expect(text).toContain(`| ${rangesText(ranges)} |`);
    }
  });

  it('gives the memory that the generator takes', () => {
    const rows = [...text.matchAll(/^\| (\d) \| (\d+) \|$/gm)].map(([, nodes, ram]) =>
      [nodes, ram].map(Number),
    );
    expect(rows).toEqual([1, 2, 3, 4, 5].map((nodes) => [nodes, ramFor(nodes)]));
  });

  it('shows the rate limit that the specification sets', () => {
    const app = readJson('flux/app.v8.json') as { compose: { environmentParameters: string[] }[] };
    for (const name of ['REPRAM_TRUST_PROXY', 'REPRAM_RATE_LIMIT', 'REPRAM_ADVERTISE_PORTS']) {
      const item = app.compose[0].environmentParameters.find((each) => each.startsWith(`${name}=`)) ?? name;
      expect(text).toContain(
        name === 'REPRAM_ADVERTISE_PORTS' ? item.slice(name.length + 1) : `    ${item}\n`,
      );
    }
  });

  it('names only variables that exist', () => {
    const known = [...KNOWN_VARIABLES.map(({ name }): string => name), ...RESERVED_VARIABLES];
    const named = [...text.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name);
    const allowed = new Set([...known, ...OF_THE_PLATFORM, ...DEPRECATED, ...PLACEHOLDERS]);
    expect(named.filter((name) => !allowed.has(name))).toEqual([]);
  });
});
