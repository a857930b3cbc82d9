// `repram mcp` as a host of models runs it: the SDK's own client over real standard input and
// output, against nodes that are there, and with a node of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { INSTALL_COMMAND, loadSdk, SdkMissingError } from '../../src/mcp/sdk';
import { until } from '../support/basics/until';
import { call } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { portRange } from '../support/processes/ports';

const ROOT = join(__dirname, '..', '..');
const SERVE = [join(ROOT, 'scripts', 'run-ts.cjs'), join(ROOT, 'test', 'support', 'mcp', 'serve.ts')];

const cluster = new Cluster();
const clients: Client[] = [];
let launched: Launched;

beforeAll(async () => {
  launched = await Launched.start(cluster);
});
afterEach(async () => {
  for (const each of clients.splice(0)) await each.close();
});
afterAll(() => cluster.cleanUp());

/** A host of models that has started the command. */
async function host(nodes: readonly string[], env: Record<string, string> = {}): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...SERVE, ...nodes],
    env: { PATH: process.env.PATH ?? '', ...env },
    stderr: 'inherit',
  });
  const client = new Client({ name: 'test', version: '1' });
  clients.push(client);
  await client.connect(transport);
  return client;
}

async function use(
  client: Client,
  name: string,
  given: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const result = await client.callTool({ name, arguments: given });
  const [{ text }] = result.content as { text: string }[];
  expect(JSON.parse(text)).toEqual(result.structuredContent);
  return { ...(result.structuredContent as object), isError: result.isError };
}

const nodes = (): string[] => launched.ports.map((port) => `127.0.0.1:${port}`);

it('offers five tools, each with a schema', async () => {
  const { tools } = await (await host(nodes())).listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    ...['repram_store', 'repram_retrieve', 'repram_exists', 'repram_list_keys', 'repram_wait'],
  ]);
  for (const { inputSchema, description } of tools) {
    expect(inputSchema.type).toBe('object');
    expect(description?.length).toBeGreaterThan(40);
  }
});

it('stores, reads, looks, lists and waits, across hosts of models', async () => {
  const [one, other] = await Promise.all([host(nodes()), host(nodes().reverse())]);
  const stored = await use(one, 'repram_store', { data: 'grün', ttl_seconds: 1 });
  expect(stored).toMatchObject({ isError: false, status: 'held', copies: '3/3', ttl_seconds: 300 });
  const { key } = stored;
  expect(await use(other, 'repram_retrieve', { key })).toMatchObject({ found: true, data: 'grün' });
  expect(await use(other, 'repram_exists', { key })).toMatchObject({ exists: true, size_bytes: 5 });
  expect(await use(other, 'repram_exists', { key: 'none' })).toMatchObject({ exists: false });
  expect(await use(other, 'repram_retrieve', { key: 'none' })).toMatchObject({
    found: false,
    isError: false,
  });
  const waiting = use(other, 'repram_wait', { key: 'task/1', seconds: 60 });
  await use(one, 'repram_store', { data: 'done', key: 'task/1' });
  expect(await waiting).toMatchObject({ found: true, data: 'done' });
  expect(await use(other, 'repram_list_keys', { prefix: 'task/' })).toMatchObject({
    keys: ['task/1'],
    truncated: false,
  });
  expect(await use(other, 'repram_wait', { key: 'none', seconds: 0.05 })).toMatchObject({ found: false });
  await call(launched.ports[0], '/data/bytes?ttl=600', { method: 'PUT', body: Buffer.from([0xff, 0x00]) });
  expect(await use(one, 'repram_retrieve', { key: 'bytes' })).toMatchObject({ data_base64: '/wA=' });
});

it('tells the model what it did wrong, and goes on', async () => {
  const client = await host(nodes());
  const wrong: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['repram_store', {}, 'argument-invalid'],
    ['repram_store', { data: 'x', ttl_seconds: 'soon' }, 'argument-invalid'],
    ['repram_store', { data: 'x', ttl_seconds: -1 }, 'argument-invalid'],
    ['repram_store', { data: '\ud800', key: 'half' }, 'argument-invalid'],
    ['repram_list_keys', { prefix: '\udc00' }, 'argument-invalid'],
    ['repram_store', { data: 'a'.repeat(11_000_000), key: 'large' }, 'value-too-large'],
    ['repram_store', { data: 'x', key: 'k'.repeat(2000) }, 'key-too-long'],
    ['repram_retrieve', { key: '' }, 'argument-invalid'],
    ['repram_retrieve', { key: 'k', other: 1 }, 'argument-invalid'],
    ['repram_wait', { key: 'k', seconds: 301 }, 'argument-invalid'],
    ['repram_forget', {}, 'tool-unknown'],
  ];
  for (const [name, given, error] of wrong)
    expect(await use(client, name, given)).toMatchObject({
      isError: true,
      error,
      message: expect.any(String) as unknown,
    });
  expect(await use(client, 'repram_exists', { key: 'k' })).toMatchObject({ exists: false });
});

it('names the argument of the tool that is wrong, and what it may be', async () => {
  const client = await host(nodes());
  for (const ttl_seconds of [0, 1e30])
    expect((await use(client, 'repram_store', { data: 'x', ttl_seconds })).message).toBe(
      `ttl_seconds must be above 0 and at most 1000000000000, not ${ttl_seconds}`,
    );
});

it('answers a message that is too long, wherever its id is, and goes on', async () => {
  const child = spawn(process.execPath, [...SERVE, ...nodes()], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  const notes: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => notes.push(chunk));
  const long = Buffer.alloc(65 * 1024 * 1024, 'x');
  const params = '"method":"tools/call","params":{"name":"repram_store","arguments":{"data":"';
  for (const [before, behind] of [
    [`{"jsonrpc":"2.0","id":7,${params}`, '"}}}\n'],
    [`{${params}`, '"}},"jsonrpc":"2.0","id":"eight"}\n'],
    ['', '\n'],
  ]) {
    child.stdin.write(before);
    child.stdin.write(long);
    child.stdin.write(behind);
  }
  child.stdin.write('no JSON\n{"jsonrpc":"2.0","id":9,"method":"ping"}\n');
  const text = (): string => Buffer.concat(said).toString();
  await until(() => text().includes('"id":9'), 'the last message is answered');
  const answers = text().trim().split('\n');
  expect(answers.map((line) => JSON.parse(line) as object)).toMatchObject([
    { id: 7, error: { code: -32_600, data: { error: 'value-too-large' } } },
    { id: 'eight', error: { code: -32_600 } },
    { id: 9, result: {} },
  ]);
  const exited = once(child, 'exit');
  child.stdin.end();
  expect(await exited).toEqual([0, null]);
  expect(
    Buffer.concat(notes)
      .toString()
      .match(/^repram: .*$/gm),
  ).toHaveLength(4);
});

it('has a node of its own where none is given, which ends with it, however it ends', async () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const base = await portRange(10);
    const client = await host([], { BASE_PORT: String(base) });
    const { key } = await use(client, 'repram_store', { data: 'mine' });
    const { body } = await call(base, `/data/${String(key)}`);
    expect(body.toString()).toBe('mine');
    const { pid } = client.transport as StdioClientTransport;
    process.kill(pid ?? 0, signal);
    await until(
      () =>
        call(base, '/health').then(
          () => false,
          () => true,
        ),
      `the node is gone after ${signal}`,
    );
  }
});

it('joins the nodes of its machine', async () => {
  const client = await host([], { BASE_PORT: String(launched.base) });
  await use(client, 'repram_store', { data: 'shared', key: 'shared' });
  const { body } = await call(launched.ports[2], '/data/shared');
  expect(body.toString()).toBe('shared');
});

it('writes nothing but the protocol to its output, and ends when its input does', async () => {
  const child = spawn(process.execPath, [...SERVE, ...nodes()], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  const text = (): string => Buffer.concat(said).toString();
  const send = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'test', version: '1' };
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
  });
  send({ method: 'notifications/initialized' });
  send({ id: 2, method: 'tools/call', params: { name: 'repram_store', arguments: { data: 'x' } } });
  await until(() => text().split('\n').length > 2, 'two answers');
  const exited = once(child, 'exit');
  child.stdin.end();
  expect(await exited).toEqual([0, null]);
  for (const line of text().trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
});

it('says what is to be installed where the package is missing', () => {
  const empty = mkdtempSync(join(tmpdir(), 'repram-mcp-'));
  try {
    const load = (): unknown => loadSdk([join(empty, 'package.json')]);
    expect(load).toThrow(SdkMissingError);
    expect(load).toThrow(INSTALL_COMMAND);
    expect(loadSdk([join(empty, 'package.json'), __filename])).toHaveProperty('Server');
  } finally {
    rmSync(empty, { recursive: true });
  }
});

it('refuses what is no address of a node', async () => {
  const child = spawn(process.execPath, [...SERVE, 'a b'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  expect((await once(child, 'close'))[0]).toBe(1);
  expect(Buffer.concat(said).toString()).toContain('"a b" is no address of a node');
});
