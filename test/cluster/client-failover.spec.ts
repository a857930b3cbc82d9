// The client over real nodes that end, hang and come back: no call of it fails, and what it wrote
// it reads, whichever node answers.
import { Repram, type RepramOptions } from '../../src/client';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';

const WORKERS = 4;
const KEYS_EACH = 20;
const BIG_BYTES = 24 * 1024 * 1024;

const cluster = new Cluster();
const clients: Repram[] = [];
let launched: Launched;

beforeAll(async () => {
  launched = await Launched.start(cluster, { env: { REPRAM_MAX_VALUE_BYTES: String(32 * 1024 * 1024) } });
});
afterEach(() => {
  for (const each of clients.splice(0)) each.close();
});
afterAll(() => cluster.cleanUp());

const addressOf = (port: number): string => `http://127.0.0.1:${port}/`;

function client(options: Partial<RepramOptions> = {}): Repram {
  const made = new Repram({ nodes: addressOf(launched.ports[0]), timeoutMs: 20_000, ...options });
  clients.push(made);
  return made;
}

/** Knows all nodes, having been given one. */
async function clientOfAll(options: Partial<RepramOptions> = {}): Promise<Repram> {
  const made = client(options);
  await until(async () => {
    await made.has('none');
    return made.nodes.length === launched.ports.length;
  }, 'the client learns the other nodes');
  return made;
}

const portInUse = (of: Repram): number => Number(new URL(of.nodes[0]).port);

/** Writes and reads back what it wrote, without an end; notes whatever is not as it should be. */
class Workers {
  readonly wrong: string[] = [];
  calls = 0;
  private isOver = false;
  private readonly running: Promise<void>[];

  constructor(private readonly repram: Repram) {
    this.running = Array.from({ length: WORKERS }, (_, worker) => this.work(worker));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  async untilCalls(more: number): Promise<void> {
    const enough = this.calls + more;
    await until(() => this.calls >= enough, `${more} calls more`);
  }

  private async work(worker: number): Promise<void> {
    for (let turn = 0; !this.isOver; turn += 1) {
      const key = `worker ${worker}/${turn % KEYS_EACH}`;
      try {
        await this.repram.put(key, String(turn), { ttlSeconds: 600 });
        const value = await this.repram.get(key);
        if (value?.text() !== String(turn))
          this.wrong.push(`${key}: ${value?.text() ?? 'null'}, not ${turn}`);
        if (!(await this.repram.has(key))) this.wrong.push(`${key}: absent`);
      } catch (error) {
        this.wrong.push(`${key}: ${String(error)}`);
      }
      this.calls += 3;
    }
  }
}

it('fails no call while every node is restarted, by SIGTERM and by SIGKILL', async () => {
  const workers = new Workers(await clientOfAll());
  for (const signal of ['SIGTERM', 'SIGKILL'] as const)
    for (const port of launched.ports) {
      await workers.untilCalls(100);
      await launched.end(port, signal);
      await launched.untilWhole();
    }
  await workers.untilCalls(100);
  await workers.stop();
  expect(workers.wrong).toEqual([]);
});

it('goes on at another node while the one in use hangs, with calls under way and with new ones', async () => {
  const repram = await clientOfAll();
  const workers = new Workers(repram);
  await workers.untilCalls(50);
  const hung = portInUse(repram);
  launched.signal(hung, 'SIGSTOP');
  try {
    await workers.untilCalls(300);
    expect(portInUse(repram)).not.toBe(hung);
  } finally {
    launched.signal(hung, 'SIGCONT');
  }
  await workers.stop();
  expect(workers.wrong).toEqual([]);
  await launched.untilWhole();
});

it('does not find its older write in place of its newer one, when the node that hung goes on', async () => {
  const repram = await clientOfAll();
  const hung = portInUse(repram);
  const keys = Array.from({ length: 20 }, (_, each) => `hidden/${each}`);
  const putAll = (text: string): Promise<unknown> =>
    Promise.all(keys.map((key) => repram.put(key, text, { ttlSeconds: 600 })));
  const refused = async (): Promise<number> => {
    const metrics = await (await fetch(`${addressOf(hung)}metrics`)).text();
    return Number(
      /^repram_rejected_requests_total\{code="precondition-failed",status="412"\} (\d+)/m.exec(
        metrics,
      )?.[1] ?? 0,
    );
  };
  await putAll('oldest');
  const before = await refused();
  launched.signal(hung, 'SIGSTOP');
  try {
    await putAll('older');
    await putAll('newer');
  } finally {
    launched.signal(hung, 'SIGCONT');
  }
  const older = async (): Promise<string[]> => {
    const found = await Promise.all(keys.map((key) => repram.get(key)));
    return keys.filter((_, each) => found[each]?.text() !== 'newer');
  };
  let hidden: string[] = [];
  let last = before;
  await until(async () => {
    const known = last;
    hidden = await older();
    last = await refused();
    return hidden.length > 0 || (last > before && last === known);
  }, 'the node that hung has gone through what it found');
  await launched.untilWhole();
  hidden.push(...(await older()));
  expect(hidden).toEqual([]);
});

it('waits for a key on, when the node that it waits at hangs', async () => {
  const repram = await clientOfAll();
  const waiting = repram.get('awaited', { waitSeconds: 60 });
  const hung = portInUse(repram);
  launched.signal(hung, 'SIGSTOP');
  try {
    const other = launched.ports.find((port) => port !== hung) ?? 0;
    await client({ nodes: addressOf(other) }).put('awaited', 'here', { ttlSeconds: 600 });
    expect((await waiting)?.text()).toBe('here');
  } finally {
    launched.signal(hung, 'SIGCONT');
  }
  await launched.untilWhole();
});

it('reads the rest of a large value from another node, when its node ends meanwhile', async () => {
  const asked: string[] = [];
  const noting: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url.includes('/data/')) asked.push(new URL(url).port);
    return fetch(input, init);
  };
  const bytes = Buffer.alloc(BIG_BYTES, 'a value that is rather long ');
  const repram = await clientOfAll({ fetch: noting });
  const progress: number[] = [];
  const onProgress = ({ sentBytes }: { sentBytes: number }): void => void progress.push(sentBytes);
  await repram.put('large', () => new Blob([bytes]).stream(), { ttlSeconds: 600, onProgress });
  expect(progress.at(-1)).toBe(BIG_BYTES);
  const reads = asked.length;
  const value = await repram.stream('large');
  if (value === null) throw new Error('the value is absent');
  const parts: Uint8Array[] = [];
  const reader = value.stream.getReader();
  for (let isFirst = true; ; isFirst = false) {
    const part = await reader.read();
    if (part.done) break;
    parts.push(part.value);
    if (isFirst) await launched.end(Number(new URL(value.node).port), 'SIGKILL');
  }
  expect(new Set(asked.slice(reads)).size).toBe(2);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  await launched.untilWhole();
});

it('tells of every change, whatever becomes of the node that tells', async () => {
  const repram = await clientOfAll();
  const told = new Set<string>();
  let isResynced = false;
  const connected: number[] = [];
  const stop = new AbortController();
  const { signal } = stop;
  const onConnect = (node: string): void => void connected.push(Number(new URL(node).port));
  const watching = (async (): Promise<void> => {
    for await (const change of repram.watch({ prefix: 'watched/', types: ['put'], signal, onConnect })) {
      if (change.type === 'put') told.add(change.key);
      if (change.type === 'resync') isResynced = true;
    }
  })();
  await until(() => connected.length > 0, 'the stream begins');
  const writer = await clientOfAll();
  let written = 0;
  const write = async (): Promise<void> => {
    for (let each = 0; each < 20; each += 1) {
      await writer.put(`watched/${written}`, 'x', { ttlSeconds: 600 });
      written += 1;
    }
  };
  await write();
  for (const how of ['SIGTERM', 'SIGKILL', 'SIGSTOP'] as const) {
    const port = connected.at(-1) ?? 0;
    const pid = launched.pidAt(port);
    const before = connected.length;
    process.kill(pid, how);
    await write();
    await until(() => connected.length > before, `the stream goes on after ${how}`);
    await write();
    if (how === 'SIGSTOP') process.kill(pid, 'SIGCONT');
    else await launched.untilWhole();
  }
  await until(() => isResynced || told.size === written, 'everything is told');
  stop.abort();
  await expect(watching).rejects.toMatchObject({ code: 'aborted' });
  expect(isResynced).toBe(false);
});

it('says what hindered it when every node is gone, and as soon as that is certain', async () => {
  const lone = await Launched.start(cluster, { nodes: 1 });
  const repram = client({ nodes: addressOf(lone.base), timeoutMs: 1500 });
  await repram.put('k', 'v', { ttlSeconds: 600 });
  lone.launcher.killAll();
  await lone.launcher.exited;
  await expect(repram.get('k')).rejects.toMatchObject({ name: 'RepramError', code: 'no-node', status: null });
});
