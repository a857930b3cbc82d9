import { peersBody, statusBody } from '../looks';
import { Feed } from './feed';
import type { ChangeListener } from './stream';

type Fields = Readonly<Record<string, unknown>>;
/** What stands in for the changes of one node. */
class FakeChanges {
  isClosed = false;

  constructor(
    readonly base: string,
    readonly listener: ChangeListener,
  ) {}

  open(): void {
    this.listener.live(true);
  }

  breakOff(): void {
    this.listener.live(false);
    this.listener.broken();
  }
}

/** Two nodes on ports 8081 and 8082 of one host, and a browser whose time is moved by hand. */
class Bench {
  nowMs = 0;
  readonly asked: string[] = [];
  readonly sources: FakeChanges[] = [];
  readonly silent = new Set<string>();
  answer: (port: string, path: string) => Response | null = () => null;
  private timers: { atMs: number; action: () => void }[] = [];
  readonly feed: Feed;

  constructor(home = 'http://node:8081/') {
    this.feed = new Feed(
      {
        fetch: (address) => this.fetch(address),
        openChanges: (base, listener) => this.opened(base, listener),
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

  get source(): FakeChanges | undefined {
    return this.sources.at(-1);
  }

  private fetch(address: string): Promise<Response> {
    const { port, pathname } = new URL(address);
    this.asked.push(`${port}${pathname}`);
    if (this.silent.has(port)) return Promise.reject(new TypeError('refused'));
    const path = pathname.split('/').at(-1) ?? '';
    return Promise.resolve(this.answer(port, path) ?? json(path === 'status' ? own(port) : others(port)));
  }

  private opened(base: string, listener: ChangeListener): () => void {
    const changes = new FakeChanges(base, listener);
    this.sources.push(changes);
    return () => {
      changes.isClosed = true;
    };
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
  expect(bench.sources.map(({ isClosed }) => isClosed)).toEqual([true]);
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
  expect(bench.source?.base).toBe('http://node:8081/below/this/');
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
    expect(bench.source?.base).toContain(':8082/');
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
    bench.source?.open();
    expect(bench.feed.contact).toEqual({ kind: 'fresh', isLive: true });
    bench.source?.listener.changed({ id: '8082', from: 'alive', to: 'dead', reason: 'refused' });
    expect(bench.feed.network.get('h1:8082')?.health).toBe('dead');
  });

  it('moves on as soon as the node says that it is about to stop', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(100);
    bench.source?.listener.ending();
    await bench.pass(0);
    expect(bench.feed.way.here.name).toBe('node-2');
    await bench.pass(3000);
    expect(looks(bench.asked, '8082')).toBe(4);
  });

  it('looks at once when it breaks off, because a node that died is soon back', async () => {
    const bench = new Bench();
    bench.feed.start();
    await bench.pass(100);
    bench.source?.open();
    bench.silent.add('8081');
    bench.source?.breakOff();
    await bench.pass(0);
    expect(bench.feed.left?.name).toBe('node-1');
    expect(bench.feed.way.here.name).toBe('node-2');
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
