import { peersBody, statusBody } from '../looks';
import { Feed } from './feed';
import type { Source } from './stream';

type Fields = Readonly<Record<string, unknown>>;
type Listener = (event: { readonly data?: unknown }) => void;

class FakeSource implements Source {
  readyState = 0;
  private readonly listeners = new Map<string, Listener>();

  constructor(readonly address: string) {}

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, listener);
  }

  emit(type: string, data?: object): void {
    this.listeners.get(type)?.({ data: JSON.stringify(data) });
  }

  close(): void {
    this.readyState = 2;
  }
}

/** Two nodes on ports 8081 and 8082 of one host, and a browser whose time is moved by hand. */
class Bench {
  nowMs = 0;
  readonly asked: string[] = [];
  readonly sources: FakeSource[] = [];
  readonly silent = new Set<string>();
  answer: (port: string, path: string) => Response | null = () => null;
  private timers: { atMs: number; action: () => void }[] = [];
  readonly feed: Feed;

  constructor(home = 'http://node:8081/') {
    this.feed = new Feed(
      {
        fetch: (address) => this.fetch(address),
        openSource: (address) => this.opened(address),
        now: () => this.nowMs,
        after: (ms, action) => this.after(ms, action),
        changed: () => undefined,
      },
      home,
    );
  }

  /** Lets answers arrive and time pass until `ms` are over. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (let steps = 0; steps < 1000; steps++) {
      await settled();
      const [next] = this.timers.sort((one, other) => one.atMs - other.atMs);
      if (next === undefined || next.atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.timers = this.timers.filter((each) => each !== next);
      next.action();
    }
    this.nowMs = endMs;
  }

  get source(): FakeSource | undefined {
    return this.sources.at(-1);
  }

  private fetch(address: string): Promise<Response> {
    const { port, pathname } = new URL(address);
    this.asked.push(`${port}${pathname}`);
    if (this.silent.has(port)) return Promise.reject(new TypeError('refused'));
    const path = pathname.split('/').at(-1) ?? '';
    return Promise.resolve(this.answer(port, path) ?? json(path === 'status' ? own(port) : others(port)));
  }

  private opened(address: string): FakeSource {
    const source = new FakeSource(address);
    this.sources.push(source);
    return source;
  }

  private after(ms: number, action: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const json = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status });
const nameOf = (port: string): string => `node-${port.slice(-1)}`;
const own = (port: string): Fields => statusBody({ node_id: port, name: nameOf(port), port: Number(port) });
const others = (port: string): Fields => {
  const other = port === '8081' ? '8082' : '8081';
  return peersBody([{ id: other, name: nameOf(other), port: Number(other) }]);
};
const looks = (asked: readonly string[], port: string): number =>
  asked.filter((each) => each === `${port}/status`).length;

it('looks once a second, by two questions to the node that served the page', async () => {
  const bench = new Bench();
  bench.feed.start();
  await bench.pass(3500);
  expect(looks(bench.asked, '8081')).toBe(4);
  expect(bench.asked).toHaveLength(8);
  expect(bench.feed.contact).toEqual({ kind: 'fresh', isLive: false });
});

it('asks nothing while it is hidden, and closes its stream', async () => {
  const bench = new Bench();
  bench.feed.start();
  await bench.pass(1500);
  bench.feed.pause();
  const before = bench.asked.length;
  await bench.pass(60_000);
  expect(bench.asked).toHaveLength(before);
  expect(bench.sources.map(({ readyState }) => readyState)).toEqual([2]);
  bench.feed.start();
  await bench.pass(0);
  expect(bench.asked).toHaveLength(before + 2);
  expect(bench.sources).toHaveLength(2);
});

it('does not hear an answer that comes after it was hidden', async () => {
  const bench = new Bench();
  bench.feed.start();
  bench.feed.pause();
  await bench.pass(5000);
  expect(bench.feed.lookedAtMs).toBeNull();
  expect(bench.asked).toHaveLength(2);
});

it('asks below the path of the page', async () => {
  const bench = new Bench('http://node:8081/below/this/');
  bench.feed.start();
  await bench.pass(0);
  expect(bench.asked).toEqual(['8081/below/this/status', '8081/below/this/peers']);
  expect(bench.source?.address).toBe('http://node:8081/below/this/events?types=member');
});

describe('when the node falls silent', () => {
  it('goes on at another port of the host at once, and stays there', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(500);
    bench.silent.add('8081');
    await bench.pass(1000);
    expect(bench.feed.way.here.name).toBe('node-2');
    expect(bench.feed.left?.name).toBe('node-1');
    expect(bench.source?.address).toContain(':8082/events');
    bench.silent.clear();
    await bench.pass(3000);
    expect(bench.feed.way.isAway).toBe(true);
  });

  it('keeps trying both, ever more seldom, when the other is silent too', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(500);
    bench.silent.add('8081').add('8082');
    await bench.pass(1000);
    expect(bench.feed.contact).toMatchObject({ kind: 'silent', sinceMs: 1000 });
    const before = looks(bench.asked, '8082');
    await bench.pass(60_000);
    expect(looks(bench.asked, '8082') - before).toBeLessThan(20);
    bench.silent.delete('8082');
    await bench.pass(6000);
    expect(bench.feed.contact.kind).toBe('fresh');
  });

  it('does not guess ports where those of the browser are not those of the nodes', async () => {
    const bench = new Bench('http://proxy:9999/');
    bench.answer = (_port, path) => json(path === 'status' ? own('8081') : others('8081'));
    bench.feed.start();
    await bench.pass(500);
    bench.silent.add('9999');
    await bench.pass(10_000);
    expect(new Set(bench.asked.map((each) => each.slice(0, 4)))).toEqual(new Set(['9999']));
    expect(bench.feed.way.pageOf(8082)).toBeNull();
  });
});

it('waits as long as a busy node asks for', async () => {
  const bench = new Bench();
  const headers = { 'retry-after': '7' };
  bench.answer = () => new Response('{}', { status: 503, headers });
  bench.feed.start();
  await bench.pass(6900);
  expect(bench.feed.contact).toEqual({ kind: 'busy', status: 503 });
  expect(bench.asked).toHaveLength(2);
  bench.answer = () => null;
  await bench.pass(200);
  expect(bench.feed.contact.kind).toBe('fresh');
});

describe('with the stream', () => {
  it('shows a change when it is told, before the next look', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(100);
    bench.source?.emit('open');
    expect(bench.feed.contact).toEqual({ kind: 'fresh', isLive: true });
    bench.source?.emit('member', { id: '8082', from: 'alive', to: 'dead', reason: 'refused' });
    expect(bench.feed.network.get('h1:8082')?.health).toBe('dead');
  });

  it('stands what is no change', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(100);
    for (const data of [{}, { id: 1 }, { id: '8082', to: 'asleep' }]) bench.source?.emit('member', data);
    expect(bench.feed.network.get('h1:8082')?.health).toBe('alive');
  });

  it('moves on as soon as the node says that it is about to stop', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(100);
    bench.source?.emit('end', { reason: 'draining', peers: [] });
    await bench.pass(0);
    expect(bench.feed.way.here.name).toBe('node-2');
    await bench.pass(3000);
    expect(looks(bench.asked, '8082')).toBe(4);
  });

  it('looks at once when it breaks off, because a node that died is soon back', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(100);
    bench.source?.emit('open');
    bench.silent.add('8081');
    bench.source?.emit('error');
    await bench.pass(0);
    expect(bench.feed.left?.name).toBe('node-1');
    expect(bench.feed.way.here.name).toBe('node-2');
  });

  it('looks no sooner when it was never open', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(100);
    for (let tries = 0; tries < 5; tries++) bench.source?.emit('error');
    await bench.pass(0);
    expect(looks(bench.asked, '8081')).toBe(1);
  });

  it('opens it anew after a while when it was refused, and looks on meanwhile', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(100);
    if (bench.source !== undefined) bench.source.readyState = 2;
    bench.source?.emit('error');
    await bench.pass(4000);
    expect(bench.sources).toHaveLength(1);
    await bench.pass(2000);
    expect(bench.sources).toHaveLength(2);
    expect(bench.feed.contact).toEqual({ kind: 'fresh', isLive: false });
  });
});

it('asks another node of the host now and then how it sees the network', async () => {
  const bench = new Bench();
  bench.feed.start();
  await bench.pass(20_500);
  expect(looks(bench.asked, '8082')).toBe(4);
  expect(bench.feed.network.get('h1:8082')?.repairs).toEqual({ join: 1, gap: 2, leaves: 3 });
});

it('says so when that node sees it otherwise', async () => {
  const bench = new Bench();
  bench.answer = (port, path) => (port === '8082' && path === 'peers' ? json(peersBody([])) : null);
  bench.feed.start();
  await bench.pass(20_500);
  expect(bench.feed.opinions.differences(bench.feed.network.all())).toMatchObject([
    { witness: 'node-2', subject: 'node-1', theirs: 'unknown' },
  ]);
});
