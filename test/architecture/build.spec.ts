// What `npm run build` leaves in dist/ is what src/ says, whatever was there before.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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
    // Node's own types take most of a build to read, and the fixture needs two names of them.
    'tsconfig.build.json': readProjectFile('tsconfig.build.json').text.replace(
      '"types": ["node"]',
      '"types": []',
    ),
    'src/names.d.ts': `declare const console: { log(text: string): void };
      declare const process: { exit(code: number): never };\n`,
    'src/launcher.ts': "import { kept } from './kept';\nimport './deleted';\nconsole.log(kept);\n",
    'src/cli.ts': '#!/usr/bin/env node\nconsole.log("typed");\n',
    'src/health-check.ts': 'process.exit(0);\n',
    'src/node.ts': "void import('./node-process');\n",
    // As far as the build itself runs it.
    'src/node-process.ts': 'export const runNodes = (): never => process.exit(0);\n',
    'src/kept.ts': "export const kept = 'kept';\n",
    'src/deleted.ts': "console.log('deleted');\n",
    'src/kept.spec.ts': "console.log('a test');\n",
    'scripts/run-ts.cjs': readProjectFile('scripts/run-ts.cjs').text,
    'scripts/swc.cjs': readProjectFile('scripts/swc.cjs').text,
    'scripts/openapi.ts':
      "import { copyFileSync } from 'node:fs';\ncopyFileSync(__filename, process.argv[2] as string);\n",
  });
  const dist = (path: string): string => join(root, 'dist', path);
  beforeAll(() => linkPackages(root));
  afterAll(() => removeTree(root));

  const stamped = (): number => statSync(dist('.sources')).mtimeMs;
  const launched = (): string =>
    spawnSync(process.execPath, [dist('launcher.js')], { encoding: 'utf8' }).stdout;

  it('makes one program of what an entry imports', () => {
    expect(build(root)).toBe(0);
    expect(launched()).toBe('deleted\nkept\n');
    expect(spawnSync(process.execPath, [dist('health-check.js')]).status).toBe(0);
    expect(existsSync(dist('kept.js'))).toBe(false);
  });

  it('makes the command line a program that can be run by itself', () => {
    expect(spawnSync(dist('cli.js'), { encoding: 'utf8' }).stdout).toBe('typed\n');
  });

  it('keeps the code of a node as this Node.js compiled it', () => {
    expect(existsSync(dist(`node-program.${process.version}-${process.arch}.cache`))).toBe(true);
  });

  it('does nothing when nothing changed', () => {
    const builtMs = stamped();
    expect(build(root)).toBe(0);
    expect(stamped()).toBe(builtMs);
  });

  it('removes from dist/ what it did not write', () => {
    mkdirSync(dist('left'));
    writeFileSync(dist('left/over.js'), '');
    expect(build(root)).toBe(0);
    expect(existsSync(dist('left'))).toBe(false);
  });

  it('leaves out a deleted source', () => {
    rmSync(join(root, 'src', 'deleted.ts'));
    writeFileSync(join(root, 'src', 'launcher.ts'), "import { kept } from './kept';\nconsole.log(kept);\n");
    expect(build(root)).toBe(0);
    expect(launched()).toBe('kept\n');
  });

  it('replaces output that went missing', () => {
    rmSync(dist('launcher.js'));
    rmSync(join(root, '.cache', 'compiled', 'kept.js'));
    expect(build(root)).toBe(0);
    expect(launched()).toBe('kept\n');
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

  it('builds again when a setting of the build changed', () => {
    const builtMs = stamped();
    appendFileSync(join(root, 'nest-cli.json'), '\n');
    expect(build(root)).toBe(0);
    expect(stamped()).toBeGreaterThan(builtMs);
  });

  it('fails on a type error, and again until it is mended', () => {
    writeFileSync(join(root, 'src', 'kept.ts'), "export const kept: number = 'one';\n");
    expect([build(root), build(root)]).toEqual([1, 1]);
    writeFileSync(join(root, 'src', 'kept.ts'), "export const kept = 'mended';\n");
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
