// The package as npm makes it: it installs where nothing else is, without a network, and runs by
// itself.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { readRelease } from '../../src/config/release';
import { PROJECT_ROOT, readProjectFile } from '../architecture/project-files';
import { until } from '../support/basics/until';
import { possibleWith } from '../support/basics/possible';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { type } from '../support/processes/typed';

const PACKED_BYTES_MAX = 3_000_000;
/** `nobody` on every Linux. */
const STRANGER = 65_534;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly dependencies?: object;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly peerDependencies?: object;
}

/** Paths of files and folders that a document leads to, from the root of the project. */
function linksOf(document: string): string[] {
  const text = readProjectFile(document).text.replace(/^( *)(```|~~~)[\s\S]*?^ *\2/gm, '');
  return [...text.matchAll(/\]\(([^)#\s]+)[^)\s]*\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => posix.join(dirname(document), link));
}

describe('the package', () => {
  const cluster = new Cluster();
  const folder = mkdtempSync(join(tmpdir(), 'repram package '));
  const place = join(folder, 'an empty folder');
  const home = join(folder, 'home');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    npm_config_cache: join(folder, 'cache'),
    npm_config_update_notifier: 'false',
  };
  const npm = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd, env, encoding: 'utf8' });
  const status = (): string =>
    execFileSync('git', ['status', '--porcelain'], { cwd: PROJECT_ROOT, encoding: 'utf8' });
  let before: string;
  let packed: Packed;

  beforeAll(() => {
    for (const path of [place, home]) mkdirSync(path);
    before = status();
    const told = npm(
      PROJECT_ROOT,
      'pack',
      '--json',
      '--silent',
      '--ignore-scripts',
      '--pack-destination',
      folder,
    );
    packed = (JSON.parse(told) as [Packed])[0];
    npm(place, 'init', '--yes');
    npm(place, 'install', join(folder, packed.filename));
  });
  afterEach(() => cluster.cleanUp());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const installed = (path: string): string => join(place, 'node_modules', 'repram', path);
  const nodes = async (count: number): Promise<Record<string, string>> => ({
    ...env,
    BASE_PORT: String(await portRange(count)),
    MAX_PORTS: String(count),
    NODE_COUNT: String(count),
    REPRAM_BIND_ADDRESS: '127.0.0.1',
  });

  /** Starts nodes with this command, uses them by the command line, and ends them. */
  async function tryOut(command: readonly string[], wanted: Record<string, string>): Promise<void> {
    const launcher = cluster.run(command, wanted);
    await until(() => launcher.events('network-formed').length > 0, 'the network forms', 60_000);
    const cli = { env: wanted, program: [process.execPath, installed('dist/cli.js')] };
    const put = await type(['put', 'a key', '--value', 'hello', '--ttl', '10m'], cli);
    expect(put).toMatchObject({ code: 0, errors: '' });
    expect(await type(['get', 'a key'], cli)).toMatchObject({ code: 0, out: 'hello' });
    launcher.signalGroup('SIGTERM');
    await until(() => launcher.survivors().length === 0, 'everything has ended');
  }

  it(`has at most ${PACKED_BYTES_MAX / 1e6} MB packed, and nothing but what runs, is read or is owed`, () => {
    expect(packed.size).toBeLessThan(PACKED_BYTES_MAX);
    const paths = packed.files.map(({ path }) => path);
    const known = /^(?:dist\/|docs\/|flux\/app\.|LICENSE$|[A-Z]+\.md$|package\.json$)/;
    expect(paths.filter((path) => !known.test(path))).toEqual([]);
    expect(paths.filter((path) => /\.map$|\.cache$|\.sources$|\.spec\./.test(path))).toEqual([]);
    for (const path of ['dist/cli.js', 'dist/client/index.mjs', 'dist/pages/fade/index.html', 'LICENSE'])
      expect(paths).toContain(path);
    expect(paths.some((path) => /^dist\/licenses\/commander@.*\/LICENSE$/.test(path))).toBe(true);
  });

  it('has whatever its documents lead to', () => {
    const paths = packed.files.map(({ path }) => path);
    const documents = paths.filter((path) => path.endsWith('.md') && !path.startsWith('dist/'));
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/configuration.md']));
    const isThere = (path: string): boolean =>
      paths.some((each) => each === path || each.startsWith(`${path}/`));
    const astray = documents.flatMap((document) =>
      linksOf(document)
        .filter((path) => !isThere(path))
        .map((path) => `${document} -> ${path}`),
    );
    expect(astray).toEqual([]);
  });

  it('names its documents where they are, for whoever stands elsewhere', async () => {
    const program = [process.execPath, installed('dist/cli.js')];
    const { code, errors } = await type(['start'], { program, env: { ...env, BASE_PORT: 'x' }, cwd: home });
    expect(code).toBe(2);
    expect(errors).toContain(`Every variable is explained in ${installed('docs/configuration.md')}.`);
  });

  it('leaves the checkout as it was', () => {
    expect(status()).toBe(before);
  });

  it('brings no other package', () => {
    const manifest = JSON.parse(readFileSync(installed('package.json'), 'utf8')) as Manifest;
    expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
    const peers = Object.keys(manifest.peerDependencies ?? {});
    expect(peers.filter((name) => manifest.peerDependenciesMeta?.[name]?.optional !== true)).toEqual([]);
    const names = readdirSync(join(place, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(names).toEqual(['repram']);
  });

  it('starts nodes by npx repram, in a folder with spaces in its path', async () => {
    const wanted = await nodes(2);
    await tryOut(['sh', '-c', 'cd "$0" && exec npx --offline repram', place], wanted);
  });

  it('starts nodes by repram start from a global folder, through its link', async () => {
    const prefix = join(folder, 'global');
    npm(folder, 'install', '--global', '--prefix', prefix, join(folder, packed.filename));
    const program = join(prefix, 'bin', 'repram');
    expect(await type(['--version'], { program: [program], env })).toMatchObject({
      code: 0,
      out: `${readRelease()}\n`,
    });
    await tryOut([program, 'start'], await nodes(2));
  });

  it('runs by npm exec from the tarball alone', () => {
    const tarball = join(folder, packed.filename);
    const options = { cwd: home, env, encoding: 'utf8' } as const;
    const { status: code, stdout } = spawnSync(
      'npm',
      ['exec', '--offline', '--yes', `--package=${tarball}`, '--', 'repram', '--version'],
      options,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${readRelease()}\n` });
  });

  it('says what repram mcp needs, and how to get it', async () => {
    const program = [process.execPath, installed('dist/cli.js')];
    const { code, out, errors } = await type(['mcp'], { program, env, cwd: place });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(errors).toMatch(
      /^repram: repram mcp needs the package \S+, .* npm install @modelcontextprotocol\/sdk\n$/,
    );
  });

  it('gives the client to import and to require()', () => {
    const run = (...args: readonly string[]): string =>
      execFileSync(process.execPath, args, { cwd: place, env, encoding: 'utf8' });
    const esm = "import { Repram } from 'repram/client'; console.log(typeof Repram);";
    expect(run('--input-type=module', '-e', esm)).toBe('function\n');
    expect(run('-e', "console.log(typeof require('repram/client').Repram)")).toBe('function\n');
  });

  possibleWith('other user', process.getuid?.() === 0 ? null : 'only root can become one')(
    'starts nodes for a user who may write nothing',
    async () => {
      const readOnly = join(folder, 'read only');
      execFileSync('cp', ['-r', join(place, 'node_modules', 'repram'), readOnly]);
      execFileSync('chmod', ['-R', 'a-w,a+rX', readOnly]);
      chmodSync(folder, 0o755);
      const program = `process.setgid(${STRANGER}); process.setuid(${STRANGER}); process.chdir('/');
        process.argv = [process.argv[0], process.argv[1], 'start']; require(process.argv[1]);`;
      const wanted = { ...(await nodes(2)), HOME: '/nonexistent' };
      await tryOut([process.execPath, '-e', program, join(readOnly, 'dist/cli.js')], wanted);
      execFileSync('chmod', ['-R', 'u+w', readOnly]);
    },
  );
});
