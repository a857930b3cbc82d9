// `repram put`, `get`, `keys` and `watch` with real nodes.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { startTyping, type, type Typed, type TypingOptions } from '../support/processes/typed';

const NOTHING = join('no', 'such', 'folder', 'value');

describe('the command line', () => {
  const cluster = new Cluster();
  const folder = mkdtempSync(join(tmpdir(), 'repram-cli-'));
  let nodes = '';
  let launched: Launched;
  beforeAll(async () => {
    launched = await Launched.start(cluster, { nodes: 2 });
    nodes = launched.ports.map((port) => `127.0.0.1:${port}`).join(',');
  });
  afterAll(async () => {
    await cluster.cleanUp();
    rmSync(folder, { recursive: true, force: true });
  });

  const repram = (args: readonly string[], options: TypingOptions = {}): Promise<Typed> =>
    type(args, { ...options, env: { REPRAM_NODES: nodes, ...options.env } });
  const put = async (key: string, value: string): Promise<void> => {
    expect(await repram(['put', key, '--value', value])).toMatchObject({ code: 0 });
  };

  describe('put and get', () => {
    it('carry every byte from a file, from standard input and from a text', async () => {
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
      const file = join(folder, 'value');
      writeFileSync(file, bytes);
      const stored = [
        await repram(['put', 'from-file', file]),
        await repram(['put', 'from-input'], { stdin: bytes }),
        await repram(['put', 'from-dash', '-'], { stdin: bytes }),
      ];
      for (const { code, errors, out } of stored) {
        expect({ code, errors }).toEqual({ code: 0, errors: '' });
        expect(out).toMatch(/^from-\w+: 70\.0 kB for 1 h, on [12] of 2 nodes, version \S+\n$/);
      }
      for (const key of ['from-file', 'from-input', 'from-dash']) {
        expect((await repram(['get', key])).bytes.equals(bytes)).toBe(true);
      }
      await put('from-text', 'ä\n');
      expect(await repram(['get', 'from-text'])).toMatchObject({ code: 0, out: 'ä\n', errors: '' });
    });

    it('write a file that is there whole or not at all', async () => {
      await put('for-file', 'whole');
      const file = join(folder, 'output');
      expect(await repram(['get', 'for-file', '-o', file])).toMatchObject({ code: 0, out: '', errors: '' });
      expect(readFileSync(file, 'utf8')).toBe('whole');
      expect(await repram(['get', 'absent', '-o', join(folder, 'none')])).toMatchObject({ code: 3 });
      expect(readdirSync(folder).sort()).toEqual(['output', 'value']);
      const { code, errors } = await repram(['get', 'for-file', '-o', NOTHING]);
      expect(code).toBe(1);
      expect(errors).toMatch(/^repram: cannot write .*ENOENT/);
    });

    it('take keys of any characters, as they are and percent-encoded', async () => {
      for (const key of ['a/b c', '%41', '-dash', 'ü?&#=+', 'line\nbreak']) {
        expect(await repram(['put', '--value', key, '--', key])).toMatchObject({ code: 0 });
        expect(await repram(['get', '--', key])).toMatchObject({ code: 0, out: key });
        expect(await repram(['get', '--encoded', '--', encodeURIComponent(key)])).toMatchObject({ out: key });
      }
    });

    it('tell all facts as JSON', async () => {
      const stored = await repram(['put', 'told', '--value', 'x', '--ttl', '10m', '--wait', 'all', '--json']);
      expect(JSON.parse(stored.out)).toMatchObject({
        key: 'told',
        size: 1,
        ttl_seconds: 600,
        held: true,
        copies: 2,
        expected_copies: 2,
      });
      const got = JSON.parse((await repram(['get', 'told', '--json'])).out) as { version: string };
      expect(got).toMatchObject({ key: 'told', value: 'x', size: 1, ttl_seconds: 600 });
      expect(got.version).toBe((JSON.parse(stored.out) as { version: string }).version);
      await repram(['put', 'binary', '--json'], { stdin: Buffer.from([0xff, 0]) });
      expect(JSON.parse((await repram(['get', 'binary', '--json'])).out)).toMatchObject({
        value_base64: '/wA=',
      });
    });

    it('end with 5 where fewer nodes than asked for have the value so far', async () => {
      const [first, second] = launched.ports;
      const env = { REPRAM_NODES: `127.0.0.1:${first}` };
      launched.signal(second, 'SIGSTOP');
      try {
        const all = ['put', 'unconfirmed', '--value', 'x', '--wait', 'all'];
        const { code, out, errors } = await repram(all, { env });
        expect({ code, errors }).toEqual({
          code: 5,
          errors: 'repram: stored, but not yet confirmed by as many nodes as --wait asks for\n',
        });
        expect(out).toMatch(/^unconfirmed: 1 B for 1 h, on 1 of 2 nodes, version \S+\n$/);
        const told = await repram([...all, '--json'], { env });
        expect(told).toMatchObject({ code: 5, errors: '' });
        expect(JSON.parse(told.out)).toMatchObject({ held: false, copies: 1, expected_copies: 2 });
        expect(await repram(['put', 'one', '--value', 'x', '--wait', 'one'], { env })).toMatchObject({
          code: 0,
        });
      } finally {
        launched.signal(second, 'SIGCONT');
      }
      await launched.untilWhole();
    });

    it('say what the node made of the time to live', async () => {
      const { code, errors } = await repram(['put', 'short', '--value', 'x', '--ttl', '5s']);
      expect({ code, errors }).toEqual({
        code: 0,
        errors: 'repram: the node has made the time to live 5 min\n',
      });
    });

    it('end with 3 where nothing is, and wait for a key when asked to', async () => {
      expect(await repram(['get', 'nothing'])).toMatchObject({
        code: 3,
        out: '',
        errors: 'repram: no value under "nothing": it was never stored, or its time is up\n',
      });
      const waiting = startTyping(['get', 'awaited', '--wait', '20s'], { env: { REPRAM_NODES: nodes } });
      await put('awaited', 'there');
      expect(await waiting.ended).toMatchObject({ code: 0, out: 'there' });
    });

    it('tell what a node refuses by its code and sentence', async () => {
      const long = 'k'.repeat(2000);
      const { code, errors } = await repram(['put', long, '--value', 'x', '--json']);
      expect(code).toBe(1);
      expect(JSON.parse(errors)).toMatchObject({ error: { code: 'key-too-long' } });
      const missing = await repram(['put', 'key', NOTHING]);
      expect(missing.code).toBe(1);
      expect(missing.errors).toMatch(/^repram: cannot read .*ENOENT/);
    });

    it('end quietly when the reader of the output has gone', async () => {
      const bytes = Buffer.alloc(4_000_000, 'x');
      expect(await repram(['put', 'much'], { stdin: bytes })).toMatchObject({ code: 0 });
      const program = [
        'sh',
        '-c',
        `"$0" "$@" | head -c 3`,
        process.execPath,
        join(__dirname, '../../dist/cli.js'),
      ];
      expect(await repram(['get', 'much'], { program })).toEqual({
        code: 0,
        signal: null,
        bytes: Buffer.from('xxx'),
        out: 'xxx',
        errors: '',
      });
    });
  });

  describe('keys', () => {
    beforeAll(async () => {
      for (const key of ['list/b', 'list/a', 'list/c d', 'other']) await put(key, key);
    });

    it('lists keys that begin with a prefix, each in a line', async () => {
      expect(await repram(['keys', 'list/'])).toMatchObject({
        code: 0,
        out: 'list/a\nlist/b\nlist/c d\n',
        errors: '',
      });
    });

    it('ends after a limit, and writes for programs', async () => {
      expect((await repram(['keys', 'list/', '--limit', '2', '--null'])).out).toBe('list/a\0list/b\0');
      expect((await repram(['keys', 'list/c', '--encoded'])).out).toBe('list/c%20d\n');
      expect((await repram(['keys', 'list/a', '--json'])).out).toBe('{"key":"list/a"}\n');
    });

    it('says nothing where there is nothing', async () => {
      expect(await repram(['keys', 'nobody/'])).toMatchObject({ code: 0, out: '', errors: '' });
    });
  });

  describe('watch', () => {
    it('tells of writes as they come, and ends by Ctrl-C with 130', async () => {
      const watching = startTyping(['watch', 'seen/', '--values', '--json'], {
        env: { REPRAM_NODES: nodes },
      });
      await until(() => watching.out().includes('"member"'), 'the stream has begun');
      await put('seen/one', 'first');
      await until(() => watching.out().includes('"seen/one"'), 'the write is told');
      const told = watching
        .out()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string });
      expect(told.find(({ type }) => type === 'put')).toMatchObject({
        key: 'seen/one',
        value: 'first',
        size: 5,
      });
      watching.child.kill('SIGINT');
      expect(await watching.ended).toMatchObject({ code: 130, errors: '' });
    });

    it('begins with all that there is when asked to', async () => {
      await put('there/before', 'x');
      const watching = startTyping(['watch', 'there/', '--all'], { env: { REPRAM_NODES: nodes } });
      await until(() => watching.out().includes('caught-up'), 'all is told');
      expect(watching.out()).toMatch(/^put {5}there\/before {2}1 B, 59 min .* left, version \S+$/m);
      watching.child.kill('SIGTERM');
      expect(await watching.ended).toMatchObject({ code: 143 });
    });
  });

  it('goes on at another node where the first one is gone', async () => {
    await put('safe', 'kept');
    const env = { REPRAM_NODES: `127.0.0.1:1,${nodes}` };
    expect(await type(['get', 'safe'], { env })).toMatchObject({ code: 0, out: 'kept' });
  });
});
