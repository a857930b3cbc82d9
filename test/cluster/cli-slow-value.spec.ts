// `repram get` of a value that comes slowly or never ends, or whose reader goes away before it is
// there.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/basics/until';
import { type Answering, ScriptedNode, VERSION } from '../support/fakes/scripted-node';
import { onTerminal, startOnTerminal } from '../support/processes/terminal';
import { startTyping, type, type Typing } from '../support/processes/typed';

const SIZE = 1_000_000;
const PIECE = Buffer.alloc(1000, 'v');
const EVERY_MS = 20;

/** Never stands still, and takes 20 s. */
const dribble: Answering = (_, response) => {
  response.writeHead(200, {
    'x-repram-version': VERSION,
    'x-created-at': new Date().toISOString(),
    'content-length': SIZE,
  });
  const more = setInterval(() => response.write(PIECE), EVERY_MS);
  response.on('close', () => clearInterval(more));
};

let node: ScriptedNode;
let folder = '';
beforeEach(async () => {
  node = await ScriptedNode.start(dribble);
  folder = mkdtempSync(join(tmpdir(), 'repram-slow-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await node.close();
});

const words = (...more: string[]): string[] => ['get', 'k', '--node', `127.0.0.1:${node.port}`, ...more];

it.each([
  ['a file', ['-o', 'file']],
  ['standard output', []],
  ['JSON', ['--json']],
])('--timeout counts to the last byte, into %s', async (_what, more) => {
  const { code, errors } = await type(words('--timeout', '1.5', ...more), { cwd: folder });
  expect(code).toBe(1);
  expect(errors).toContain('the value was not there whole within 1.5 s');
  expect(errors).toContain('give it longer with --timeout');
  expect(readdirSync(folder)).toEqual([]);
});

/** As fast as it is taken. */
const endless: Answering = (_, response) => {
  response.writeHead(200, { 'x-repram-version': VERSION, 'x-created-at': new Date().toISOString() });
  const bytes = Buffer.alloc(65_536, 'v');
  const more = (): void => {
    while (!response.destroyed && response.write(bytes));
  };
  response.on('drain', more);
  more();
};

// Garbage is collected all the time, which a limit may not be.
it('--timeout comes however fast the bytes do', async () => {
  const source = await ScriptedNode.start(endless);
  try {
    const where = ['--node', `127.0.0.1:${source.port}`, '--timeout', '1.5'];
    const { code, errors } = await type(['get', 'k', '-o', '/dev/null', ...where], { cwd: folder });
    expect(code).toBe(1);
    expect(errors).toContain('the value was not there whole within 1.5 s');
  } finally {
    await source.close();
  }
});

async function untilBegun(): Promise<void> {
  await until(() => readdirSync(folder).some((name) => name.endsWith('.part')), 'the value comes');
}

it.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s leaves nothing of a file, and ends with %d', async (signal, code) => {
  const typing: Typing = startTyping(words('-o', 'file'), { cwd: folder });
  await untilBegun();
  typing.child.kill(signal);
  expect(await typing.ended).toMatchObject({ code, signal: null });
  expect(readdirSync(folder)).toEqual([]);
});

onTerminal('a terminal that is closed while it shows how far the value is leaves nothing of it', async () => {
  const typing = startOnTerminal(words('-o', 'file'), { cwd: folder });
  await untilBegun();
  await until(() => typing.out().includes('reading ['), 'a bar');
  typing.child.kill('SIGKILL');
  await typing.ended;
  await until(() => readdirSync(folder).length === 0, 'nothing is left');
});
