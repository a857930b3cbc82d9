// Where `repram get KEY -o FILE` writes: to the file that FILE means, and to nothing else.
import {
  chownSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { possibleWith } from '../support/basics/possible';
import { ScriptedNode } from '../support/fakes/scripted-node';
import { type, type Typed, type TypingOptions } from '../support/processes/typed';

const CLI = join(__dirname, '../../dist/cli.js');
/** What the node has under each key. */
const VALUE = 'v';

let node: ScriptedNode;
let folder = '';
beforeAll(async () => {
  node = await ScriptedNode.start();
});
afterAll(() => node.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repram-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);
const textOf = (name: string): string => readFileSync(inFolder(name), 'utf8');

function get(output: string, options: TypingOptions = {}): Promise<Typed> {
  const env = { REPRAM_NODES: `127.0.0.1:${node.port}`, ...options.env };
  return type(['get', 'k', '-o', output], { cwd: folder, ...options, env });
}

/** The same with its standard output in the file `all`, between what others write there. */
function redirected(output: string): Promise<Typed> {
  const script = `{ echo before; "$0" "$@"; code=$?; echo after; } >all; exit $code`;
  return get(output, { program: ['sh', '-c', script, process.execPath, CLI] });
}

const done = { code: 0, out: '', errors: '' };

it('writes to the file behind a link, and leaves the link', async () => {
  writeFileSync(inFolder('target'), 'old');
  symlinkSync('target', inFolder('link'));
  symlinkSync('made', inFolder('dangling'));
  for (const link of ['link', 'dangling']) expect(await get(link)).toMatchObject(done);
  expect([textOf('target'), textOf('made')]).toEqual([VALUE, VALUE]);
  expect(['link', 'dangling'].map((name) => readlinkSync(inFolder(name)))).toEqual(['target', 'made']);
  expect(readdirSync(folder).sort()).toEqual(['dangling', 'link', 'made', 'target']);
});

it.each([['/dev/fd/1'], ['/proc/self/fd/1']])(
  'writes to standard output where a link leads to %s, between what others write',
  async (descriptor) => {
    symlinkSync(descriptor, inFolder('stdout'));
    for (const output of ['stdout', descriptor]) {
      expect(await redirected(output)).toMatchObject(done);
      expect(textOf('all')).toBe(`before\n${VALUE}after\n`);
      expect(lstatSync(inFolder('stdout')).isSymbolicLink()).toBe(true);
    }
  },
);

it('writes to the other descriptors that it was given, behind what is there', async () => {
  for (const descriptor of [2, 3]) {
    writeFileSync(inFolder('all'), 'before ');
    const program = ['sh', '-c', `"$0" "$@" ${descriptor}>>all`, process.execPath, CLI];
    expect(await get(`/dev/fd/${descriptor}`, { program })).toMatchObject(done);
    expect(textOf('all')).toBe(`before ${VALUE}`);
  }
  const missing = await get('/dev/fd/99');
  expect(missing).toMatchObject({ code: 1, out: '' });
  expect(missing.errors).toMatch(/^repram: cannot write \/dev\/fd\/99: EBADF/);
});

it('puts the value into the JSON where that goes to the same output', async () => {
  const { out } = await type(['get', 'k', '--json', '-o', '/dev/fd/1'], {
    env: { REPRAM_NODES: `127.0.0.1:${node.port}` },
  });
  expect(JSON.parse(out)).toMatchObject({ key: 'k', value: VALUE });
});

it('keeps the mode of the file, and what other names it has', async () => {
  for (const mode of [0o600, 0o640, 0o755]) {
    const name = `mode-${mode.toString(8)}`;
    writeFileSync(inFolder(name), 'old', { mode });
    expect(await get(name)).toMatchObject(done);
    expect([textOf(name), statSync(inFolder(name)).mode & 0o777]).toEqual([VALUE, mode]);
  }
  writeFileSync(inFolder('one'), 'old and longer');
  linkSync(inFolder('one'), inFolder('other'));
  expect(await get('one')).toMatchObject(done);
  expect([textOf('one'), textOf('other')]).toEqual([VALUE, VALUE]);
});

const asRoot = possibleWith('root', process.getuid?.() === 0 ? null : 'somebody else runs it');
asRoot('keeps the owner of the file', async () => {
  writeFileSync(inFolder('theirs'), 'old');
  chownSync(inFolder('theirs'), 65_534, 65_534);
  expect(await get('theirs')).toMatchObject(done);
  expect([textOf('theirs'), statSync(inFolder('theirs')).uid]).toEqual([VALUE, 65_534]);
});

it('takes a name that is as long as names may be', async () => {
  const name = 'n'.repeat(255);
  expect(await get(name)).toMatchObject(done);
  expect(readdirSync(folder)).toEqual([name]);
});

it('refuses what is no file before it asks a node', async () => {
  node.asked.length = 0;
  for (const output of ['', '.', 'new/', 'broken\uFFFD']) {
    const { code, out, errors } = await get(output);
    expect({ output, code, out }).toEqual({ output, code: 2, out: '' });
    expect(errors).toContain(`repram: --output is ${JSON.stringify(output)}; allowed is `);
  }
  expect(readdirSync(folder)).toEqual([]);
  expect(node.asked).toEqual([]);
});
