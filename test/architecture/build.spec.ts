// What `npm run build` leaves in dist/ is what src/ says, whatever was there before.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkPackages, removeTree, writeTree } from './fixture-tree';
import { until } from '../support/basics/until';
import { PROJECT_ROOT, readProjectFile } from './project-files';

const BUILD = join(PROJECT_ROOT, 'scripts', 'build.mjs');

function build(root: string): number | null {
  return spawnSync(process.execPath, [BUILD, root], { encoding: 'utf8' }).status;
}

describe('the build', () => {
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
  const root = writeTree({
    ...Object.fromEntries(settings.map((path) => [path, readProjectFile(path).text])),
    // The fixture needs none of Node's types, and to read them takes most of a build.
    'tsconfig.build.json': readProjectFile('tsconfig.build.json').text.replace(
      '"types": ["node"]',
      '"types": []',
    ),
    'src/kept.ts': 'export const kept = 1;\n',
    'src/deleted.ts': 'export const deleted = 1;\n',
    'src/kept.spec.ts': 'export const spec = 1;\n',
    'scripts/run-ts.cjs': readProjectFile('scripts/run-ts.cjs').text,
    'scripts/openapi.ts':
      "import { copyFileSync } from 'node:fs';\ncopyFileSync(__filename, process.argv[2] as string);\n",
  });
  const dist = (path: string): string => join(root, 'dist', path);
  beforeAll(() => linkPackages(root));
  afterAll(() => removeTree(root));

  it('compiles everything but tests', () => {
    expect(build(root)).toBe(0);
    expect(['kept.js', 'deleted.js', 'kept.spec.js'].map((path) => existsSync(dist(path)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('does nothing when nothing changed', () => {
    const builtMs = statSync(dist('.tsbuildinfo')).mtimeMs;
    expect(build(root)).toBe(0);
    expect(statSync(dist('.tsbuildinfo')).mtimeMs).toBe(builtMs);
  });

  it('removes the output of a deleted source', () => {
    rmSync(join(root, 'src', 'deleted.ts'));
    expect(build(root)).toBe(0);
    expect(['kept.js', 'deleted.js', 'deleted.js.map'].map((path) => existsSync(dist(path)))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('replaces output that went missing', () => {
    rmSync(dist('kept.js'));
    expect(build(root)).toBe(0);
    expect(existsSync(dist('kept.js'))).toBe(true);
  });

  it('describes the API, and again when the description changed or went missing', () => {
    const described = (): string => readFileSync(dist('openapi.json'), 'utf8');
    expect(described()).toContain('copyFileSync');
    rmSync(dist('openapi.json'));
    expect(build(root)).toBe(0);
    appendFileSync(join(root, 'scripts', 'openapi.ts'), '// changed\n');
    expect(described()).not.toContain('changed');
    expect(build(root)).toBe(0);
    expect(described()).toContain('changed');
  });

  it('fails on a type error, and again until it is mended', () => {
    writeFileSync(join(root, 'src', 'kept.ts'), "export const kept: number = 'one';\n");
    expect([build(root), build(root)]).toEqual([1, 1]);
    writeFileSync(join(root, 'src', 'kept.ts'), 'export const kept = 2;\n');
    expect(build(root)).toBe(0);
  });

  it('ends with what it has started when it gets SIGTERM, as npm passes it on', async () => {
    const pidFile = dist('describer.pid');
    const describer = `import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
      setInterval(() => undefined, 1000);\n`;
    writeFileSync(join(root, 'scripts', 'openapi.ts'), describer);
    const building = spawn(process.execPath, [BUILD, root], { stdio: 'ignore' });
    const ended = once(building, 'exit');
    const pid = await until(() => Number(readFileSync(pidFile, 'utf8')), 'the build describes', 60_000);
    building.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
