// docs/recipes.md as its readers use it: each program is taken from the page and run beside the
// built package, against three nodes of their own processes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Repram } from '../../src/client';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';

const ROOT = join(__dirname, '../..');
const FENCE = /^```\w+ (\S+)\n([\s\S]*?)^```$/gm;

const recipes = new Map(
  [...readFileSync(join(ROOT, 'docs/recipes.md'), 'utf8').matchAll(FENCE)].map(([, file, text]) => [
    file,
    text,
  ]),
);
/** What a machine may lack, and the recipe that is not run there then. */
const PROGRAMS = {
  'systemd-analyze': 'repram.service',
  nginx: 'nginx.conf',
  haproxy: 'haproxy.cfg',
  caddy: 'Caddyfile',
} as const;
const used = new Set<string>();

/** A case that takes one of them. */
function judged(program: keyof typeof PROGRAMS): jest.It {
  const missing = spawnSync(program, ['-v']).error?.message ?? null;
  used.add(PROGRAMS[program]);
  return possibleWith(program, missing);
}

const PROXIES = [
  ['nginx', (folder: string) => ['-p', folder, '-c', 'nginx.conf', '-g', 'daemon off;']],
  ['haproxy', (folder: string) => ['-db', '-f', join(folder, 'haproxy.cfg')]],
  ['caddy', (folder: string) => ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')]],
] as const;

describe('the recipes', () => {
  const cluster = new Cluster();
  let folder = '';
  let environment: Record<string, string> = {};
  let nodes: Launched;

  beforeAll(async () => {
    nodes = await Launched.start(cluster, { env: { REPRAM_MIN_TTL: '1' } });
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    // Within the project, so that its packages are found; it is installed there by a link.
    folder = mkdtempSync(join(ROOT, '.cache', 'recipes-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules', 'repram'));
    for (const [file, text] of recipes) writeFileSync(join(folder, file), text);
    mkdirSync(join(folder, 'bin'));
    writeFileSync(
      join(folder, 'bin', 'repram'),
      `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist/cli.js')}' "$@"\n`,
      { mode: 0o755 },
    );
    environment = {
      PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
      REPRAM_NODES: nodes.ports.map((port) => `127.0.0.1:${port}`).join(','),
    };
  }, 60_000);

  afterAll(async () => {
    await cluster.cleanUp();
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  /** What a program that ends by itself has printed. */
  function run(
    file: string,
    args: readonly string[],
    input = '',
  ): { status: number | null; out: string; err: string } {
    used.add(file);
    const [program, ...rest] = file.endsWith('.sh') ? ['sh', file] : [process.execPath, file];
    const { status, stdout, stderr } = spawnSync(program, [...rest, ...args], {
      cwd: folder,
      env: { ...environment, BUILD: '4711' },
      input,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, out: stdout.trim(), err: stderr };
  }

  function start(file: string, args: readonly string[] = [], env: Record<string, string> = {}): TestProcess {
    used.add(file);
    return cluster.run([process.execPath, join(folder, file), ...args], { ...environment, ...env });
  }

  it('share a secret by a link that works once', () => {
    const link = run('share.mjs', [], 'the password is swordfish');
    expect(link).toMatchObject({ status: 0, out: expect.stringMatching(/^once\/[0-9a-f-]{36}#[\w-]{43}$/) });
    expect(run('open.mjs', [link.out])).toMatchObject({ status: 0, out: 'the password is swordfish' });
    expect(run('open.mjs', [link.out])).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining('The link was used'),
    });
  });

  it('tell who is here, and who is gone', async () => {
    const watching = start('presence.mjs', ['one'], { TTL: '2' });
    await until(() => watching.otherOutput.includes('here/one is here'), 'it sees itself');
    const other = start('presence.mjs', ['two'], { TTL: '2' });
    await until(() => watching.otherOutput.includes('here/two is here'), 'it sees the other one');
    other.killAll();
    await until(
      () => watching.otherOutput.includes('here/two is gone'),
      'it sees that the other one is gone',
    );
    expect(watching.otherOutput).not.toContain('here/one is gone');
  });

  it('hand sessions over between web servers', async () => {
    const servers = ['a', 'b'].map(() => start('server.mjs', [], { PORT: '0' }));
    const urls: string[] = [];
    for (const server of servers) {
      await until(() => server.otherOutput.length > 0, 'the server listens');
      urls.push(server.otherOutput[0]);
    }
    const [first, second] = urls;
    const begun = await fetch(first);
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0];
    const visit = async (url: string): Promise<string> => (await fetch(url, { headers: { cookie } })).text();
    expect(await begun.text()).toBe('visit 1');
    expect(await visit(second)).toBe('visit 2');
    servers[0].killAll();
    expect(await visit(second)).toBe('visit 3');
    expect(await visit(`${second}/logout`)).toBe('goodbye');
    expect(await visit(second)).toBe('visit 1');
  });

  it('let one agent wait for the answer of another', () => {
    start('answer.mjs');
    expect(run('ask.mjs', ['how long is this'])).toMatchObject({
      status: 0,
      out: 'how long is this: 16 characters',
    });
  });

  it('hand what a build leaves to the next job', () => {
    mkdirSync(join(folder, 'report'));
    writeFileSync(join(folder, 'report', 'index.html'), '<h1>well</h1>');
    const ran = run('artefact.sh', []);
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.out.split('\n').slice(-2)).toEqual(['report/', 'report/index.html']);
  });

  judged('systemd-analyze')('have a unit that systemd finds nothing wrong with', () => {
    const unit = join(folder, 'repram.service');
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    const own = stderr.split('\n').filter((line) => line.includes('repram.service'));
    expect({ status, own }).toEqual({ status: 0, own: [] });
  });

  for (const [program, argumentsIn] of PROXIES) {
    judged(program)(`put ${program} in front, whose readers do not notice that a node ends`, async () => {
      const front = await portRange(1);
      const config = join(folder, PROGRAMS[program]);
      const text = readFileSync(config, 'utf8').replaceAll('127.0.0.1:8080', `127.0.0.1:${front}`);
      const ours = nodes.ports.reduce((sum, port, i) => sum.replaceAll(`:${8081 + i}`, `:${port}`), text);
      writeFileSync(config, ours);
      const proxy = cluster.run([program, ...argumentsIn(folder)], { ...environment, HOME: folder });
      const url = `http://127.0.0.1:${front}`;
      const answers = async (): Promise<boolean> =>
        (await fetch(`${url}/health/ready`).catch(() => null))?.ok === true;
      await until(answers, 'the proxy answers');

      const body = Buffer.alloc(5_000_000, program);
      const put = await fetch(`${url}/data/${program}?ttl=600&w=all`, { method: 'PUT', body });
      expect(put.status).toBe(201);
      const events = await fetch(`${url}/events?prefix=seen`);
      const reader = (events.body as ReadableStream<Uint8Array>).getReader();
      await fetch(`${url}/data/seen?ttl=600`, { method: 'PUT', body: 'x' });
      let told = '';
      while (!told.includes('event: put')) told += Buffer.from((await reader.read()).value ?? []).toString();
      await reader.cancel();

      nodes.signal(nodes.ports[0], 'SIGKILL');
      for (let i = 0; i < 12; i += 1) {
        const got = await fetch(`${url}/data/${program}`);
        expect([i, got.status]).toEqual([i, 200]);
        expect(Buffer.from(await got.arrayBuffer()).equals(body)).toBe(true);
        const statuses = await writtenAt(`${url}/data/${program}-${i}?ttl=600`);
        // Only Caddy leaves it to the client to send a write again, and says so by 502.
        expect([i, statuses.slice(0, -1)]).toEqual([
          i,
          program === 'caddy' && statuses.length > 1 ? [502] : [],
        ]);
        expect([i, [201, 202].includes(statuses[statuses.length - 1])]).toEqual([i, true]);
      }
      proxy.killAll();
      await nodes.untilWhole();
    });
  }

  /** nginx with this configuration, in front of all nodes; a client that goes through it. */
  async function behindPrefix(text: string): Promise<Repram> {
    const front = await portRange(1);
    const moved = text.replaceAll('127.0.0.1:8080', `127.0.0.1:${front}`);
    const ours = nodes.ports.reduce((sum, port, i) => sum.replaceAll(`:${8081 + i}`, `:${port}`), moved);
    writeFileSync(join(folder, 'prefix.conf'), ours);
    cluster.run(['nginx', '-p', folder, '-c', 'prefix.conf', '-g', 'daemon off;'], {
      ...environment,
      HOME: folder,
    });
    const url = `http://127.0.0.1:${front}/repram`;
    const answers = async (): Promise<boolean> =>
      (await fetch(`${url}/health/ready`).catch(() => null))?.ok === true;
    await until(answers, 'the proxy answers');
    return new Repram({ nodes: url });
  }

  /** Of the keys below those that a path of nginx's own changes. */
  const CHANGED = ['a//b', '/lead', 'x/../y', './z'];
  const KEYS = [
    ...['plain', 'a/b', 'y', 'z', 'lead', 'trail/', 'a%2Fb', '100%', 'é ü', 'q?x=1', 'h#f', 'back\\slash'],
    ...['plus+plus', 'semi;colon', 'new\nline', '%2e%2e/w', ...CHANGED],
  ];

  judged('nginx')('put nginx in front below a prefix, which changes no key', async () => {
    used.add('prefix.conf');
    const through = await behindPrefix(recipes.get('prefix.conf') ?? '');
    const direct = new Repram({ nodes: nodes.ports.map((port) => `127.0.0.1:${port}`) });
    for (const key of KEYS) await through.put(key, `of ${key}`, { wait: 'all', ttlSeconds: 600 });
    for (const key of KEYS) {
      const texts = [await direct.get(key), await through.get(key)].map((value) => value?.text());
      expect([key, ...texts]).toEqual([key, `of ${key}`, `of ${key}`]);
    }
    const listed: string[] = [];
    for await (const key of through.keys()) listed.push(key);
    expect(listed).toEqual(expect.arrayContaining(KEYS));
  });

  judged('nginx')('a proxy that changes keys is found out before a value is replaced', async () => {
    const wrong = (recipes.get('prefix.conf') ?? '').replace(
      'http://repram$below_prefix;',
      'http://repram/;',
    );
    const through = await behindPrefix(wrong);
    await through.put('a/b', 'kept', { wait: 'all', ttlSeconds: 600 });
    for (const key of CHANGED) {
      await expect(through.put(key, 'other', { ttlSeconds: 600 })).rejects.toMatchObject({
        code: 'key-altered',
      });
      await expect(through.get(key)).rejects.toMatchObject({ code: 'key-altered' });
    }
    expect((await through.get('a/b'))?.text()).toBe('kept');
  });

  it('are all run here, or imported by one that is', () => {
    expect([...recipes.keys()].filter((file) => !used.has(file))).toEqual(['repram-sessions.mjs']);
  });
});

/** How a write was answered: once, or a second time where the first try was answered 502. */
async function writtenAt(url: string): Promise<number[]> {
  const first = await fetch(url, { method: 'PUT', body: 'v' });
  if (first.status !== 502) return [first.status];
  return [502, (await fetch(url, { method: 'PUT', body: 'v' })).status];
}
