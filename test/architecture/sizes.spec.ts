// Files and functions stay short. The fixed caps are alarms; the percentiles say what most code is
// like.
import { typescriptBelow } from './project-files';
import type { ProjectFile } from './project-files';
import { fileSize, functionSizes, percentile } from './sizes';

const FILE_LINES_MAX = 300;
const TEST_FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 60;
/** Nine of ten functions and files of the product are no longer than these. */
const FUNCTION_LINES_P90 = 20;
const FILE_LINES_P90 = 200;

const isTest = ({ path }: ProjectFile): boolean => path.startsWith('test/') || path.endsWith('.spec.ts');
const fixture = (path: string, text: string): ProjectFile => ({ path, text });

describe('sizes', () => {
  const files = typescriptBelow('src', 'pages', 'flux', 'test');

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

  it(`nine of ten functions of src have at most ${FUNCTION_LINES_P90} lines, nine of ten files ${FILE_LINES_P90}`, () => {
    const product = files.filter((file) => file.path.startsWith('src/') && !isTest(file));
    const p90 = {
      function: percentile(product.flatMap(functionSizes), 0.9),
      file: percentile(product.map(fileSize), 0.9),
    };
    expect(p90.function).toBeLessThanOrEqual(FUNCTION_LINES_P90);
    expect(p90.file).toBeLessThanOrEqual(FILE_LINES_P90);
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

  it('takes as a percentile the smallest size that this share of all does not exceed', () => {
    const sizes = [5, 1, 4, 2, 3].map((lines) => ({ what: 'x', lines }));
    expect([0.2, 0.5, 0.9, 1].map((share) => percentile(sizes, share))).toEqual([1, 3, 5, 5]);
  });
});
