// docs/protocol.md lists what is promised and which checker of the simulator watches it; both lists
// are the same.
import { difference, listedTerms } from './documents';
import { readProjectFile, typescriptBelow } from './project-files';

const FOLDER = 'test/simulation/checkers/';
const BESIDE = ['all-checkers', 'checker'];

/** The checkers' files by name, and the name each gives itself. */
const checkers = typescriptBelow('test/simulation/checkers')
  .map(({ path, text }) => ({ file: path.slice(FOLDER.length, -'.ts'.length), text }))
  .filter(({ file }) => !BESIDE.includes(file))
  .map(({ file, text }) => ({ file, name: /^ {2}readonly name = '([a-z-]+)';$/m.exec(text)?.[1] }));

const [, afterTitle] = readProjectFile('docs/protocol.md').text.split('\n## Invariants\n');
const watchers = [...afterTitle.split('\n## ')[0].matchAll(/^\|.*\| (`[a-z-]+`) \|$/gm)].map(
  ([, last]) => `| ${last} |`,
);

describe('the invariants of docs/protocol.md', () => {
  it('name exactly the checkers of the simulator', () => {
    expect(watchers.length).toBeGreaterThan(10);
    const named = listedTerms(watchers.join('\n'), /^[a-z-]+$/);
    expect(
      difference(
        checkers.map(({ file }) => file),
        named,
      ),
    ).toEqual({ undocumented: [], unknown: [] });
    expect(named).toEqual([...new Set(named)]);
  });

  it('name them as their files are called', () => {
    expect(checkers.filter(({ file, name }) => name !== file)).toEqual([]);
  });

  it('are all watched in every run that they bind', () => {
    const all = readProjectFile(`${FOLDER}all-checkers.ts`).text;
    expect(checkers.filter(({ file }) => !all.includes(`from './${file}';`))).toEqual([]);
  });
});
