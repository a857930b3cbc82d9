// What the image copies is all that runs: dist/ and the manifest, with no package installed.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PAGE } from '../../src/modules/docs/docs-files';
import { difference, listedTerms } from '../architecture/documents';
import { PROJECT_ROOT, readProjectFile } from '../architecture/project-files';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';

interface Lock {
  readonly packages: object;
}

interface Manifest {
  readonly name: string;
  readonly license?: string;
  readonly devDependencies: object;
}

const DIST = join(PROJECT_ROOT, 'dist');
const SHIPPED = ['dist', 'package.json'];

const bundled = readdirSync(join(DIST, 'licenses'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('package.json'))
  .map((path) => JSON.parse(readFileSync(join(DIST, 'licenses', path), 'utf8')) as Manifest);

describe('what ships', () => {
  const cluster = new Cluster();
  const folder = mkdtempSync(join(tmpdir(), 'repram-shipped-'));
  beforeAll(() => {
    for (const path of SHIPPED) cpSync(join(PROJECT_ROOT, path), join(folder, path), { recursive: true });
  });
  afterAll(async () => {
    await cluster.cleanUp();
    rmSync(folder, { recursive: true, force: true });
  });

  it('forms a network, serves all its pages and ends where nothing is installed', async () => {
    const base = await portRange(2);
    const env = { PATH: process.env.PATH ?? '', BASE_PORT: `${base}`, MAX_PORTS: '2', NODE_COUNT: '2' };
    const launcher = cluster.run([process.execPath, join(folder, 'dist/launcher.js')], {
      ...env,
      REPRAM_BIND_ADDRESS: '127.0.0.1',
      REPRAM_LOG_FORMAT: 'pretty',
    });
    await until(
      () => launcher.otherOutput.some((line) => line.includes('formed one network')),
      'the network forms',
    );
    const asked = [...PAGE.matchAll(/"(docs\/[^"]+)"/g)].map(([, path]) => path);
    expect(asked).toHaveLength(4);
    for (const path of [
      '',
      'dashboard',
      'openapi.json',
      'docs',
      'metrics',
      'status',
      'keys?limit=5',
      ...asked,
    ]) {
      const { status } = await fetch(`http://127.0.0.1:${base}/${path}`);
      expect([path, status]).toEqual([path, 200]);
    }
    launcher.signal('SIGTERM');
    expect(await launcher.exited).toMatchObject({ code: 0 });
  });

  it('has no metadata of phone numbers, which class-validator would bring', () => {
    const programs = readdirSync(DIST).filter((name) => name.endsWith('.js'));
    expect(programs.sort()).toEqual([
      'cli.js',
      'health-check.js',
      'launcher.js',
      'node-program.js',
      'node.js',
    ]);
    for (const name of programs) {
      expect(readFileSync(join(DIST, name), 'utf8')).not.toMatch(/libphonenumber/i);
    }
    const program = readFileSync(join(DIST, 'node-program.js'), 'utf8');
    expect(program.match(/^ *\/\/ node_modules\/class-validator\//gm)?.length).toBeGreaterThan(5);
    const names = bundled.map(({ name }) => name);
    expect(names).toContain('class-validator');
    expect(names).not.toContain('libphonenumber-js');
  });

  it('has only packages that are locked, each with its licence', () => {
    const { packages } = JSON.parse(readProjectFile('package-lock.json').text) as Lock;
    const locked = Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, ''));
    expect(bundled.length).toBeGreaterThan(50);
    expect(bundled.filter(({ name }) => !locked.includes(name))).toEqual([]);
    expect(bundled.filter(({ license }) => license === undefined)).toEqual([]);
  });

  it('has of the packages that are named here those that docs/dependencies.md says it ships', () => {
    const { devDependencies } = JSON.parse(readProjectFile('package.json').text) as Manifest;
    const named = bundled.map(({ name }) => name).filter((name) => name in devDependencies);
    const table =
      /^## What ships\n([\s\S]*?)^## /m.exec(readProjectFile('docs/dependencies.md').text)?.[1] ?? '';
    const listed = listedTerms(table, /^[@a-z]/);
    expect(difference(named, listed)).toEqual({ undocumented: [], unknown: [] });
  });
});
