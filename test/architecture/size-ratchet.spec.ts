// Files and functions stay short, and what has become shorter stays so.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typescriptBelow } from './project-files';
import type { ProjectFile } from './project-files';
import { ratchetFolder, ratchetOf, ratchetProblems } from './ratchet';
import type { Ratchet } from './ratchet';
import { fileSize, functionSizes } from './sizes';

const FILE_LINES_MAX = 300;
const TEST_FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 60;
const RATCHET_FILE = join(__dirname, 'ratchet.json');

const isTest = ({ path }: ProjectFile): boolean => path.startsWith('test/') || path.endsWith('.spec.ts');
const lines = (count: number): string => 'x;\n'.repeat(count);
const fixture = (path: string, text: string): ProjectFile => ({ path, text });

describe('sizes', () => {
  const files = typescriptBelow('src', 'flux', 'test');

  it(`no file is longer than ${FILE_LINES_MAX} lines, no test file longer than ${TEST_FILE_LINES_MAX}`, () => {
    const tooLong = files.filter(
      (file) => fileSize(file).lines > (isTest(file) ? TEST_FILE_LINES_MAX : FILE_LINES_MAX),
    );
    expect(tooLong.map((file) => `${file.path} has ${fileSize(file).lines} lines`)).toEqual([]);
  });

  it(`no function is longer than ${FUNCTION_LINES_MAX} lines`, () => {
    const tooLong = files.flatMap(functionSizes).filter((size) => size.lines > FUNCTION_LINES_MAX);
    expect(tooLong.map((size) => `${size.what} has ${size.lines} lines`)).toEqual([]);
  });

  it('no folder has a longer file or function than it had before', () => {
    if (process.env.RATCHET === 'write') {
      writeFileSync(RATCHET_FILE, `${JSON.stringify(ratchetOf(files), null, 2)}\n`);
    }
    const ratchet = existsSync(RATCHET_FILE)
      ? (JSON.parse(readFileSync(RATCHET_FILE, 'utf8')) as Ratchet)
      : {};
    expect(ratchetProblems(files, ratchet)).toEqual([]);
  });
});

describe('the measure', () => {
  it('counts functions, methods, constructors and arrows from their first to their last line', () => {
    const text =
      'function a() {\n  x;\n}\nclass B {\n  constructor() {}\n  c() {\n  }\n}\nconst d = () =>\n  1;\n';
    expect(functionSizes(fixture('a.ts', text))).toEqual([
      { what: 'a.ts a', lines: 3 },
      { what: 'a.ts constructor', lines: 1 },
      { what: 'a.ts c', lines: 2 },
      { what: 'a.ts d', lines: 2 },
    ]);
  });

  it('takes describe blocks as grouping and measures the tests in them', () => {
    const text = "describe('x', () => {\n  it('y', () => {\n  });\n});\n";
    expect(functionSizes(fixture('a.spec.ts', text))).toEqual([
      { what: 'a.spec.ts function at line 2', lines: 2 },
    ]);
  });

  it('leaves out declarations without a body', () => {
    expect(
      functionSizes(fixture('a.ts', 'declare function a(): void;\ninterface B {\n  c(): void;\n}\n')),
    ).toEqual([]);
  });
});

describe('the ratchet', () => {
  const held: Ratchet = { 'src/core': { file: 100, function: 10 } };
  const core = (fileLines: number, functionLines = 10): ProjectFile =>
    fixture(
      'src/core/a.ts',
      `function f() {\n${lines(functionLines - 2)}}\n${lines(fileLines - functionLines)}`,
    );

  it('is silent while nothing grew', () => {
    expect(ratchetProblems([core(100)], held)).toEqual([]);
    expect(ratchetProblems([core(95)], held)).toEqual([]);
  });

  it('reports a file and a function that grew', () => {
    expect(ratchetProblems([core(101, 11)], held)).toEqual([
      'src/core: src/core/a.ts has 101 lines, the longest file so far has 100: split it',
      'src/core: src/core/a.ts f has 11 lines, the longest function so far has 10: split it',
    ]);
  });

  it('asks to be tightened when the longest shrank by more than a tenth', () => {
    expect(ratchetProblems([core(89)], held)).toEqual([
      'src/core: the longest file has fallen from 100 to 89 lines: run `npm run ratchet` to hold that',
    ]);
  });

  it('reports folders that came and went', () => {
    expect(ratchetProblems([fixture('src/http/a.ts', '')], held)).toEqual([
      'src/http is not in ratchet.json: run `npm run ratchet`',
      'src/core is gone: run `npm run ratchet`',
    ]);
  });

  it('keeps one figure per layer, for the files beside them, and for unit tests', () => {
    const paths = ['src/core/node/node.ts', 'src/node.ts', 'src/core/a.spec.ts', 'test/e2e/a.spec.ts'];
    expect(paths.map(ratchetFolder)).toEqual(['src/core', 'src', 'src (unit tests)', 'test/e2e']);
  });
});
