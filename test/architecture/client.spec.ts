// The client as it ships: for browsers and any program, with the codes and types that it promises.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { PROBLEM_CODES as CODES_OF_CLIENT, CLIENT_CODES } from '../../src/client';
import { PROBLEM_CODES } from '../../src/http/problem-codes';
import { removeTree, writeTree } from './fixture-tree';
import { PROJECT_ROOT, readProjectFile } from './project-files';

const BUILT = ['client/index.mjs', 'client/index.cjs'];

const run = (cwd: string, ...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd, encoding: 'utf8' });

it('knows exactly the codes that nodes give', () => {
  expect([...CODES_OF_CLIENT].sort()).toEqual(Object.keys(PROBLEM_CODES).sort());
  expect(CLIENT_CODES.filter((code) => code in PROBLEM_CODES)).toEqual([]);
});

it('docs/client.md lists the codes of the client itself, in their order', () => {
  const [, errors = ''] = readProjectFile('docs/client.md').text.split('or one of these:');
  const rows = (errors.split('It also has')[0] ?? '').matchAll(/^\| `([a-z-]+)` \| [A-Z].+\|$/gm);
  expect([...rows].map(([, code]) => code)).toEqual(CLIENT_CODES);
});

it.each(['RepramOptions', 'PutOptions', 'GetOptions', 'KeysOptions', 'WatchOptions'])(
  'docs/client.md tells of each property of %s',
  (name) => {
    const { text } = readProjectFile('src/client/options.ts');
    const body = new RegExp(`interface ${name} [^{]*{([\\s\\S]*?)\\n}`).exec(text)?.[1] ?? '';
    const properties = [...body.matchAll(/readonly (\w+)\??:/g)].map(([, property]) => property);
    expect(properties.length).toBeGreaterThan(1);
    const document = readProjectFile('docs/client.md').text;
    expect(properties.filter((property) => !document.includes(`\`${property}\``))).toEqual([]);
  },
);

it('names no module, of Node.js neither', () => {
  for (const path of BUILT) {
    const { text } = readProjectFile(`dist/${path}`);
    expect(text.match(/['"]node:|\brequire\(|^import\b|\bfrom '/gm)).toBeNull();
    expect(text.match(/\b(?:process|Buffer|__dirname|global)\./g)).toBeNull();
  }
});

describe('the package', () => {
  const root = writeTree({
    'package.json': '{"name":"user"}',
    'import.mjs':
      "import { Repram, RepramError } from 'repram/client';\nconsole.log(typeof Repram, typeof RepramError);\n",
    'require.cjs':
      "const { Repram, RepramError } = require('repram/client');\nconsole.log(typeof Repram, typeof RepramError, Object.keys(require.cache).length);\n",
    'page.ts': `import { Repram, type Change, type RepramErrorCode } from 'repram/client';
      export async function use(repram: Repram): Promise<RepramErrorCode | number> {
        const stored = await repram.put('k', new Blob([]), { ttlSeconds: 1, signal: AbortSignal.timeout(1) });
        const changes: AsyncIterable<Change> = repram.watch({ values: true });
        for await (const change of changes) if (change.type === 'put') return change.size;
        const streamed: ReadableStream<Uint8Array> | undefined = (await repram.stream('k'))?.stream;
        return streamed === undefined ? stored.copies : 'no-node';
      }\n`,
    'wrong.ts': "import { Repram } from 'repram/client';\nvoid new Repram({ nodes: 1 });\n",
  });
  beforeAll(() => {
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(PROJECT_ROOT, join(root, 'node_modules', 'repram'), 'dir');
  });
  afterAll(() => removeTree(root));

  it('is imported and required by a plain program, which loads nothing else with it', () => {
    expect(run(root, 'import.mjs')).toBe('function function\n');
    expect(run(root, 'require.cjs')).toBe('function function 2\n');
  });

  it.each([
    ['page.ts', ts.ModuleResolutionKind.NodeNext, []],
    ['page.ts', ts.ModuleResolutionKind.Bundler, []],
    ['wrong.ts', ts.ModuleResolutionKind.NodeNext, [2322]],
  ])('has types for %s without those of Node.js (resolution %i)', (file, moduleResolution, wrong) => {
    const program = ts.createProgram([join(root, file)], {
      moduleResolution,
      module:
        moduleResolution === ts.ModuleResolutionKind.NodeNext ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    });
    expect(ts.getPreEmitDiagnostics(program).map(({ code }) => code)).toEqual(wrong);
  });
});

it('is the same, imported and required', () => {
  const modules = BUILT.map((path) => pathToFileURL(join(PROJECT_ROOT, 'dist', path)).href);
  const script = `const all = await Promise.all(${JSON.stringify(modules)}.map((path) => import(path)));
    console.log(JSON.stringify(all.map((each) => Object.keys(each).filter((name) => name !== 'default' && name !== 'module.exports').sort())));`;
  const [imported, required] = JSON.parse(
    run(PROJECT_ROOT, '--input-type=module', '-e', script),
  ) as string[][];
  expect(imported).toEqual(['CLIENT_CODES', 'PROBLEM_CODES', 'Repram', 'RepramError']);
  expect(required).toEqual(imported);
});
