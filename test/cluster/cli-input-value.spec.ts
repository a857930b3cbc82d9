// Where `repram put KEY` takes the value from. What cannot be read stores nothing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { found, ScriptedNode } from '../support/fakes/scripted-node';
import { type, type Typed, type TypingOptions } from '../support/processes/typed';

const CLI = join(__dirname, '../../dist/cli.js');

let node: ScriptedNode;
let stored: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'repram-input-'));

function store(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    stored.push(Buffer.concat(parts).toString());
    found(request, response);
  });
}

beforeAll(async () => {
  node = await ScriptedNode.start(store);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await node.close();
});
beforeEach(() => {
  stored = [];
});

function put(args: readonly string[], options: TypingOptions = {}): Promise<Typed> {
  const env = { REPRAM_NODES: `127.0.0.1:${node.port}`, ...options.env };
  return type(['put', 'k', '--ttl', '600', ...args], { cwd: folder, ...options, env });
}

/** With what a shell makes of standard input. */
function from(redirection: string, ...args: readonly string[]): Promise<Typed> {
  const program = ['bash', '--norc', '-c', `"$0" "$@" ${redirection}`, process.execPath, CLI];
  return put(args, { program });
}

it.each([
  ['< .', 2, /^repram: FILE is "-"; allowed is .* not a folder\n$/],
  ['<&-', 2, /^repram: FILE is "-"; allowed is a standard input that is open/],
  ['< /dev/zero', 2, /^repram: FILE is "-"; allowed is at most 32 MiB of what is no plain file/],
  ['< /proc/$$/mem; exit $?', 1, /^repram: cannot read standard input: EIO/],
])('stores nothing of a standard input that cannot be read: %s', async (redirection, code, sentence) => {
  for (const args of [[], ['-']]) {
    const ended = await from(redirection, ...args);
    expect({ code: ended.code, out: ended.out }).toEqual({ code, out: '' });
    expect(ended.errors).toMatch(sentence);
  }
  expect(stored).toEqual([]);
});

it('stores what standard input has, however little that is', async () => {
  for (const redirection of ['< /dev/null', '<<< text', '< <(printf piped)'])
    expect(await from(redirection)).toMatchObject({ code: 0, errors: '' });
  expect(stored).toEqual(['', 'text\n', 'piped']);
});

it('stores a file that has more or less than its size says', async () => {
  expect(await put(['/proc/sys/kernel/ostype'])).toMatchObject({ code: 0, errors: '' });
  expect(await put(['/sys/kernel/mm/transparent_hugepage/enabled'])).toMatchObject({ code: 0, errors: '' });
  expect(stored[0]).toBe('Linux\n');
  expect(stored[1]).toContain('never');
});

it('names the file that cannot be read, and why', async () => {
  const { code, errors } = await put(['/proc/self/mem']);
  expect({ code, stored }).toEqual({ code: 1, stored: [] });
  expect(errors).toMatch(/^repram: cannot read \/proc\/self\/mem: EIO/);
});

it('refuses what is no file, and text that is none', async () => {
  writeFileSync(join(folder, 'file'), 'x');
  for (const [field, value, ...args] of [
    ['FILE', '', ''],
    ['FILE', '.', '.'],
    ['--value', 'broken\uFFFD', '--value', 'broken\uFFFD'],
  ]) {
    const { code, errors } = await put(args);
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(errors).toContain(`repram: ${field} is ${JSON.stringify(value)}; allowed is `);
  }
  expect(stored).toEqual([]);
});
