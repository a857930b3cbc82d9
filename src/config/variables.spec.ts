import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editDistance, nearestName } from './nearest-name';
import { formatProblems } from './problems';
import { UNSET } from './variable';
import { DEPRECATED_VARIABLES, KNOWN_VARIABLES, RESERVED_VARIABLES } from './variables';

const document = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');

describe('docs/configuration.md', () => {
  it('has one row for each variable, in the same order and words', () => {
    const rows = document
      .split('\n')
      .filter((line) => /^\| `[A-Z_]+` \| `/.test(line) && line.split(' | ').length === 3);
    const documented = rows.filter((row) => !/^\| `\w+` \| `[A-Z_]+` \|$/.test(row));
    expect(documented).toEqual(
      KNOWN_VARIABLES.map(({ name, default: fallback, meaning, sane, danger }) => {
        return `| \`${name}\` | \`${fallback}\` | ${meaning} Sane: ${sane} Danger: ${danger} |`;
      }),
    );
  });

  it('names the earlier and the reserved variables', () => {
    for (const name of [...Object.keys(DEPRECATED_VARIABLES), ...RESERVED_VARIABLES]) {
      expect(document).toContain(`\`${name}\``);
    }
  });
});

describe('the table of variables', () => {
  it('gives each setting the value of one variable', () => {
    const settings = KNOWN_VARIABLES.flatMap(({ setting }) => setting ?? []);
    expect(settings).toEqual([...new Set(settings)]);
  });

  it('has defaults that their own rules allow', () => {
    const refused = KNOWN_VARIABLES.filter(({ default: text, takes }) => {
      return text !== UNSET && !takes.isAllowed(text);
    });
    expect(refused).toEqual([]);
  });
});

describe('nearestName', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['REPRAM_PEER', 'REPRAM_PEERS', 1],
  ])('%j is %j but for %i edits', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it('finds the one with the fewest edits', () => {
    expect(nearestName('REPRAM_CLUSTER_SECRETS', ['REPRAM_CLUSTER', 'REPRAM_CLUSTER_SECRET'])).toBe(
      'REPRAM_CLUSTER_SECRET',
    );
  });
});

describe('formatProblems', () => {
  it('prints each with what was given and what is allowed', () => {
    const problems = [
      { variable: 'A', given: '"1"', allowed: '2' },
      { variable: 'B', given: '"3"', allowed: '4' },
    ];
    expect(formatProblems(problems)).toBe(
      'REPRAM did not start: 2 settings are wrong.\n  A: "1"\n    allowed: 2\n  B: "3"\n    allowed: 4\n' +
        'Every variable is explained in docs/configuration.md.\n',
    );
  });
});
