// What a comment or a document refers to exists. So a file, a name or a heading that goes takes
// along what was said of it.
import { pathsBelow, readProjectFile } from './project-files';
import type { ProjectFile } from './project-files';
import { folders, gaps, headingsOf, SCRIPT, wordsOf, wrongReferences } from './references';
import type { Project } from './references';

const CODE =
  /^(?:src|test|scripts|flux|fade|pages)\/|^package\.json$|^Dockerfile|\.(?:ya?ml|[cm]?js)$|^\.ci\//;
const TEXT = /\.(?:[cm]?[jt]s|json|ya?ml|html|sh)$|^Dockerfile|^\.ci\//;

const paths = pathsBelow('.');
const files = paths
  .filter((path) => path.endsWith('.md') || (CODE.test(path) && TEXT.test(path)))
  .map((path) => readProjectFile(path));

function projectOf(all: readonly ProjectFile[], known: readonly string[]): Project {
  const documents = all.filter(({ path }) => path.endsWith('.md'));
  return {
    paths: new Set([...known, ...folders(known)]),
    words: new Set(all.filter((file) => !documents.includes(file)).flatMap(wordsOf)),
    headings: new Map(documents.map((file) => [file.path, new Set(headingsOf(file))])),
  };
}

describe('comments and documents', () => {
  it('refer to files, decisions, headings and names that exist', () => {
    const project = projectOf(files, paths);
    const speaking = files.filter(({ path }) => path.endsWith('.md') || SCRIPT.test(path));
    expect(speaking.length).toBeGreaterThan(500);
    const found = speaking.flatMap((file) => wrongReferences(file, project));
    expect(found.map(({ kind, what }) => `${kind}: ${what}`)).toEqual([]);
  });

  it('say of each gap in the numbers of decisions that it is one', () => {
    const told = /The numbers ([\d, and]+) name no decision/.exec(readProjectFile('docs/adr/README.md').text);
    expect(told?.[1].match(/\d+/g)?.map(Number) ?? []).toEqual(gaps(paths));
  });
});

describe('the reader of references', () => {
  const CODE_FILE = { path: 'src/core/links/queue.ts', text: 'export const queueShare = 1;\n' };
  const DOCUMENT = { path: 'docs/protocol.md', text: '# The protocol\n\n## Writes\n' };
  const project = projectOf(
    [CODE_FILE, DOCUMENT],
    [CODE_FILE.path, DOCUMENT.path, 'src/modules/data/data.module.ts', 'docs/adr/0003-leaf-exchange.md'],
  );
  const inComment = (comment: string): string[] =>
    wrongReferences({ path: 'src/core/a.ts', text: `${comment}\nconst a = 1;\n` }, project).map(
      ({ what }) => what,
    );
  const inDocument = (text: string): string[] =>
    wrongReferences({ path: 'docs/a.md', text }, project).map(({ what }) => what);

  it('reports a file or a folder that is not there', () => {
    expect(inComment('// See src/core/links/gone.ts, links/queue.ts and queue.ts.')).toEqual([
      'src/core/a.ts:1 refers to src/core/links/gone.ts',
    ]);
    expect(inComment('/** Told to modules/events, and to modules/data. */')).toEqual([
      'src/core/a.ts:1 refers to modules/events',
    ]);
    expect(inDocument('Read [this](../src/gone.ts) and [that](protocol.md#writes).')).toEqual([
      'docs/a.md:1 refers to ../src/gone.ts',
    ]);
  });

  it('reports the number of a decision that was never made', () => {
    expect(inComment('// ADR 3 and ADR 12 say why.')).toEqual(['src/core/a.ts:1 refers to ADR 12']);
  });

  it('reports a heading that its document does not have, and a section of no document', () => {
    expect(inComment('// (docs/protocol.md, Writes)\n// (docs/protocol.md, Storage)')).toEqual([
      'src/core/a.ts:1 refers to docs/protocol.md, Storage',
    ]);
    expect(inComment('// As section 4 says, unlike RFC-less prose.')).toEqual([
      'src/core/a.ts:1 refers to section 4',
    ]);
    expect(inComment('// By RFC 9110, section 15.5.22.')).toEqual([]);
    expect(inComment('// (DESIGN of writes in docs/protocol.md)')).toEqual([
      'src/core/a.ts:1 refers to DESIGN',
    ]);
  });

  it('reports a name that the code does not have', () => {
    expect(inComment('// `queueShare` is not `queueShares()`, nor queueParts.')).toEqual([
      'src/core/a.ts:1 refers to queueShares',
      'src/core/a.ts:1 refers to queueParts',
    ]);
    expect(inDocument('Set REPRAM_GONE, or `REPRAM_GONE=1`.')).toEqual(['docs/a.md:1 refers to REPRAM_GONE']);
  });

  it('follows a reference over the end of a line, and says where its passage begins', () => {
    expect(inComment('const b = 2;\n// As docs/protocol.md,\n// Reads, says.')).toEqual([
      'src/core/a.ts:2 refers to docs/protocol.md, Reads',
    ]);
  });

  it('leaves out strings, code blocks, addresses in the web and what is built', () => {
    expect(inComment("const b = 'src/gone.ts, ADR 12';")).toEqual([]);
    expect(
      inComment('// https://example.org/src/gone.ts, dist/gone.js, /proc/self/limits, GET /data/key'),
    ).toEqual([]);
    expect(inDocument('```\nsrc/gone.ts\n```\n')).toEqual([]);
  });

  it('finds the gaps between decisions', () => {
    expect(gaps(['docs/adr/0001-a.md', 'docs/adr/0004-b.md', 'docs/adr/README.md'])).toEqual([2, 3]);
  });
});
