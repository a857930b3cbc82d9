// The project speaks of itself only, and leaves nothing unfinished behind.
import { pathsBelow, readProjectFile } from './project-files';
import { forbiddenText, misnamedPaths } from './project-text';

const reported = (text: string, path = 'test/a.spec.ts'): number => forbiddenText({ path, text }).length;

describe('the text of the project', () => {
  it('holds no path or name of a machine, no unfinished work, no skipped test', () => {
    expect(
      pathsBelow('')
        .map((path) => readProjectFile(path))
        .flatMap(forbiddenText),
    ).toEqual([]);
  });

  it('has no barrel and no folder that could hold anything', () => {
    expect(
      misnamedPaths(
        ['src', 'test', 'scripts', 'fade', 'flux', 'pages'].flatMap((folder) => pathsBelow(folder)),
      ),
    ).toEqual([]);
  });
});

describe('the checker', () => {
  // Put together here, so that this file passes its own check.
  const joined = (...parts: readonly string[]): string => parts.join('');
  it.each([
    ["a sibling of the project's folder", joined('see ..', '/shared/notes')],
    ['an absolute path', joined('cd /', 'work/main')],
    ['a machine', joined('built on farm', '-12')],
    ['a note to do something', joined('// TO', 'DO later')],
    ['a note to fix something', joined('// FIX', 'ME: slow')],
    ['a focused test', joined('it.on', "ly('x', () => {});")],
    ['a skipped group', joined('describe.sk', "ip('x', () => {});")],
    ['a skipped table', joined('it.sk', "ip.each([1])('x', () => {});")],
    ['a crossed-out test', joined('x', "it('x', () => {});")],
  ])('reports %s', (_what, text) => {
    expect(reported(text)).toBe(1);
  });

  it.each([
    "import { a } from '../share';",
    'networks/work',
    'exit(1);',
    'const todo = 1;',
    'emit.only = 1;',
  ])('accepts %s', (text) => {
    expect(reported(text)).toBe(0);
  });

  it('names file, line and finding', () => {
    const note = joined('// TO', 'DO');
    expect(forbiddenText({ path: 'src/a.ts', text: `x\n  ${note}` })).toEqual([
      `src/a.ts:2 has unfinished work: ${note}`,
    ]);
  });

  it('looks for skipped tests in code only', () => {
    expect(reported(joined('never write it.on', 'ly()'), 'CONTRIBUTING.md')).toBe(0);
  });

  it('reports barrels and vague folders', () => {
    expect(
      misnamedPaths(['src/core/index.ts', 'src/utils/a.ts', 'fade/public/index.html', 'src/core/a.ts']),
    ).toEqual([
      'a folder called utils: src/utils/a.ts',
      'src/core/index.ts is a barrel: import the file that is meant',
    ]);
  });
});
