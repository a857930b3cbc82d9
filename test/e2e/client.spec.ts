// Every call of the client, over a real node.
import { Repram, type RepramError, type Change, type RepramOptions } from '../../src/client';
import type { NodeSettings } from '../../src/config/settings';
import { errorCode } from '../support/basics/error-code';
import { until } from '../support/basics/until';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';

const TTL = { ttlSeconds: 600 };
const clients: Repram[] = [];
let node: FakeNode;

async function start(
  options: Partial<RepramOptions> = {},
  settings: Partial<NodeSettings> = {},
): Promise<Repram> {
  node = await startFakeNode(settings);
  return another(options);
}

function another(options: Partial<RepramOptions> = {}): Repram {
  const made = new Repram({ nodes: node.url, learnNodes: false, ...options });
  clients.push(made);
  return made;
}

afterEach(async () => {
  for (const each of clients.splice(0)) each.close();
  await node.close();
});

async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of from) all.push(each);
  return all;
}

const coded = (code: string, status: number | null) =>
  expect.objectContaining({ name: 'RepramError', code, status }) as unknown;

describe('a write', () => {
  it('says what became of it: version, copies, hosts, time-to-live in effect, node', async () => {
    const repram = await start();
    const stored = await repram.put('k', 'v', { ttlSeconds: 1 });
    expect(stored).toMatchObject({ held: true, ttlSeconds: 300, node: `${node.url}/` });
    expect(stored.version).toMatch(/^[0-9a-f]+-[0-9a-f]{16}$/);
    // Of servers a majority: the last replica may confirm a moment later.
    expect(2 * stored.copies).toBeGreaterThan(stored.expectedCopies);
    expect(stored.copies).toBeLessThanOrEqual(stored.expectedCopies);
    // Servers are as good as hosts.
    expect([1, stored.copies]).toContain(stored.hosts);
  });

  it('takes text, bytes, a Blob and a function that gives a stream, large and small', async () => {
    const repram = await start();
    const large = Buffer.alloc(1_000_000, 'large ');
    for (const bytes of [Buffer.from('grün'), large, Buffer.alloc(0)]) {
      const blob = new Blob([bytes]);
      for (const value of [bytes.toString(), new Uint8Array(bytes), blob, () => blob.stream()]) {
        await repram.put('k', value, TTL);
        expect(Buffer.from((await repram.get('k'))?.bytes ?? []).equals(bytes)).toBe(true);
      }
    }
  });

  it('tells how far it is, to the last byte', async () => {
    const repram = await start();
    const told: (readonly [number, number | null])[] = [];
    const options = {
      ...TTL,
      onProgress: (p: { sentBytes: number; totalBytes: number | null }) =>
        void told.push([p.sentBytes, p.totalBytes]),
    };
    await repram.put('small', 'four', options);
    expect(told).toEqual([[4, 4]]);
    told.length = 0;
    await repram.put('large', new Uint8Array(1_000_000), options);
    expect(told.length).toBeGreaterThan(4);
    expect(told.at(-1)).toEqual([1_000_000, 1_000_000]);
  });

  it('waits for what it is told to wait for', async () => {
    const repram = await start();
    const asked: string[] = [];
    const noting: typeof fetch = (input, init) => {
      asked.push(input instanceof Request ? input.url : input.toString());
      return fetch(input, init);
    };
    for (const wait of ['one', 'quorum', 'all'] as const)
      await another({ fetch: noting }).put('k', 'v', { ...TTL, wait });
    expect(asked.map((url) => new URL(url).search)).toEqual(['?ttl=600&w=1', '?ttl=600', '?ttl=600&w=all']);
    await expect(repram.put('k', 'v', { ...TTL, wait: 'two' as never })).rejects.toEqual(
      coded('argument-invalid', null),
    );
  });

  it('is refused with the code of the node, and is not tried again', async () => {
    const repram = await start({}, { valueBytesMax: 10 });
    const refused = repram.put('k', 'eleven byte', TTL);
    await expect(refused).rejects.toEqual(coded('value-too-large', 413));
    const error = await refused.catch((caught: unknown) => caught as RepramError);
    expect((error as RepramError).problem?.detail).toContain('10 bytes');
    await expect(repram.put('k'.repeat(2000), 'v', TTL)).rejects.toEqual(coded('key-too-long', 414));
  });

  it('is refused before it leaves, when it cannot be right', async () => {
    const repram = await start();
    for (const [key, ttlSeconds] of [
      ['', 600],
      ['k', 0],
      ['k', NaN],
      ['..', 600],
    ] as const)
      await expect(repram.put(key, 'v', { ttlSeconds })).rejects.toEqual(coded('argument-invalid', null));
  });

  it('blames no node when the stream of the caller fails, or is not as long as was said', async () => {
    const repram = await start();
    const failing = () => new ReadableStream<Uint8Array>({ pull: (it) => it.error(new Error('disk')) });
    await expect(repram.put('k', failing, TTL)).rejects.toEqual(coded('argument-invalid', null));
    const short = () => new Blob(['four']).stream();
    await expect(repram.put('k', short, { ...TTL, contentLength: 5 })).rejects.toEqual(
      coded('argument-invalid', null),
    );
    expect(await repram.get('k')).toBeNull();
  });
});

describe('a read', () => {
  it('gives the bytes, as text and as JSON too, with what is known of them', async () => {
    const repram = await start();
    const { version } = await repram.put('k', '{"a":"ü"}', TTL);
    const value = await repram.get(new TextEncoder().encode('k'));
    expect(value).toMatchObject({ version, ttlSeconds: 600, size: 10, node: `${node.url}/` });
    expect(value?.remainingSeconds).toBeGreaterThan(590);
    expect(value?.createdAt.getTime()).toBeGreaterThan(0);
    expect([value?.text(), value?.json()]).toEqual(['{"a":"ü"}', { a: 'ü' }]);
    expect(await repram.head('k')).toMatchObject({ version, size: 10, ttlSeconds: 600 });
    expect(await repram.has('k')).toBe(true);
  });

  it('is null for what is not there', async () => {
    const repram = await start();
    expect(
      await Promise.all([repram.get('k'), repram.head('k'), repram.stream('k'), repram.has('k')]),
    ).toEqual([...[null, null, null, false]]);
  });

  it('is no null where the path of the node is not served, whether it is asked for or about', async () => {
    await start();
    const astray = another({ nodes: `${node.url}/elsewhere/`, timeoutMs: 1000 });
    for (const call of [astray.get('k'), astray.head('k'), astray.has('k')])
      await expect(call).rejects.toEqual(coded('not-found', 404));
  });

  it('comes as a stream, and may be left before its end', async () => {
    const repram = await start();
    const bytes = Buffer.alloc(2_000_000, 'stream ');
    await repram.put('k', bytes, TTL);
    const value = await repram.stream('k');
    expect(value?.size).toBe(bytes.length);
    const whole = await new Response(value?.stream).arrayBuffer();
    expect(Buffer.from(whole).equals(bytes)).toBe(true);
    const reader = (await repram.stream('k'))?.stream.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  });

  it('waits for a key as long as it is told to', async () => {
    const repram = await start();
    const waiting = repram.get('k', { waitSeconds: 60 });
    await another().put('k', 'here', TTL);
    expect((await waiting)?.text()).toBe('here');
    expect(await repram.get('none', { waitSeconds: 0.05 })).toBeNull();
  });

  it('names what this client wrote before, so that no node answers with less', async () => {
    const sent: (string | null)[] = [];
    const noting: typeof fetch = (input, init) => {
      sent.push(new Headers(init?.headers).get('x-repram-min-version'));
      return fetch(input, init);
    };
    const repram = await start({ fetch: noting });
    await repram.get('k');
    const { version } = await repram.put('k', 'v', TTL);
    await repram.get('k');
    await repram.has('k');
    const newer = `${'f'.repeat(13)}-${'f'.repeat(16)}`;
    expect(sent).toEqual([null, null, version, version]);
    await repram.get('k', { minVersion: newer }).catch(() => null);
    expect(sent.at(4)).toBe(newer);
    await expect(repram.get('k', { minVersion: 'x' })).rejects.toEqual(coded('argument-invalid', null));
  });
});

it('lists all keys with a prefix, page by page', async () => {
  const repram = await start();
  const names = Array.from({ length: 25 }, (_, index) => `a &+/ü${String(index).padStart(2, '0')}`);
  for (const name of [...names, 'b']) await repram.put(name, 'v', TTL);
  expect(await collect(repram.keys({ prefix: 'a &+/', pageSize: 10 }))).toEqual(names);
  expect(await collect(repram.keys())).toEqual([...names, 'b']);
  expect(errorCode(() => repram.keys({ pageSize: 0 }))).toBe('argument-invalid');
});

describe('a watch', () => {
  async function watched(
    repram: Repram,
    options: Parameters<Repram['watch']>[0],
    count: number,
  ): Promise<Change[]> {
    const changes: Change[] = [];
    for await (const change of repram.watch(options)) {
      changes.push(change);
      if (changes.length === count) break;
    }
    return changes;
  }

  it('tells what there is, then that this was all, with values and positions', async () => {
    const repram = await start();
    const { version } = await repram.put('a/1', 'ü', TTL);
    await repram.put('a/2', new Uint8Array([0xff]), TTL);
    await repram.put('b', 'v', TTL);
    const changes = await watched(repram, { prefix: 'a/', types: ['put'], values: true, since: 'start' }, 3);
    expect(changes).toMatchObject([
      { type: 'put', key: 'a/1', version, size: 2, ttlSeconds: 600, value: new TextEncoder().encode('ü') },
      { type: 'put', key: 'a/2', value: new Uint8Array([0xff]) },
      { type: 'caught-up', position: expect.any(String) as unknown },
    ]);
  });

  it('goes on where an earlier one stopped', async () => {
    const repram = await start();
    await repram.put('1', 'v', TTL);
    const [, caughtUp] = await watched(repram, { types: ['put'], since: 'start' }, 2);
    await repram.put('2', 'v', TTL);
    const since = caughtUp.position ?? '';
    expect(await watched(repram, { types: ['put'], since }, 1)).toMatchObject([{ type: 'put', key: '2' }]);
  });

  it('says resync for a position that no node knows', async () => {
    const repram = await start();
    const changes = await watched(repram, { types: ['put'], since: 'none' }, 1);
    expect(changes).toMatchObject([{ type: 'resync', reason: 'position-unknown' }]);
  });

  it('ends with the signal, while it waits too', async () => {
    const repram = await start();
    const stop = new AbortController();
    let isOpen = false;
    const onConnect = (): void => void (isOpen = true);
    const changes = watched(repram, { types: ['put'], signal: stop.signal, onConnect }, 1);
    await until(() => isOpen, 'the stream begins');
    stop.abort();
    await expect(changes).rejects.toEqual(coded('aborted', null));
  });

  it('is refused at once for what no node would tell', async () => {
    const repram = await start();
    await expect(watched(repram, { types: ['other' as 'put'] }, 1)).rejects.toEqual(
      coded('query-invalid', 400),
    );
  });
});

it('reports what the node is and whom it knows', async () => {
  const repram = await start();
  expect(await repram.status()).toMatchObject({ state: 'ready', cluster: 'test', port: node.port });
  expect(Array.isArray((await repram.peers()).peers)).toBe(true);
});

it('sends and keeps nothing of an encrypted value but its length, and reads it back in every way', async () => {
  const repram = await start({ encryptionKey: Repram.generateEncryptionKey() });
  const secret = 'nobody else reads this '.repeat(20_000);
  await repram.put('k', () => new Blob([secret]).stream(), TTL);
  await repram.put('short', 'nobody', TTL);
  const plain = another();
  const kept = await plain.get('k');
  expect(kept?.size).toBe(secret.length + 29);
  expect(Buffer.from(kept?.bytes ?? []).includes('nobody')).toBe(false);
  expect((await repram.get('k'))?.text()).toBe(secret);
  expect(await new Response((await repram.stream('k'))?.stream).text()).toBe(secret);
  const values: unknown[] = [];
  for await (const change of repram.watch({
    prefix: 'short',
    values: true,
    since: 'start',
    types: ['put'],
  })) {
    if (change.type === 'put') values.push(new TextDecoder().decode(change.value));
    if (change.type === 'caught-up') break;
  }
  expect(values).toEqual(['nobody']);
  await plain.put('k', kept?.bytes.subarray(1) ?? '', TTL);
  await expect(repram.get('k')).rejects.toEqual(coded('decryption-failed', null));
});

it('ends any call with its signal, before and after it began', async () => {
  const repram = await start();
  const gone = AbortSignal.abort(new Error('why'));
  const options = { ...TTL, signal: gone };
  const calls: readonly Promise<unknown>[] = [
    ...[repram.put('k', 'v', options), repram.get('k', options), repram.stream('k', options)],
    ...[repram.has('k', options), repram.head('k', options), collect(repram.keys(options))],
    ...[repram.status(options), repram.peers(options)],
  ];
  for (const each of calls)
    await expect(each).rejects.toMatchObject({ code: 'aborted', cause: gone.reason as unknown });
  const later = new AbortController();
  const waiting = repram.get('k', { waitSeconds: 60, signal: later.signal });
  const metrics = async (): Promise<string> => (await fetch(`${node.url}/metrics`)).text();
  await until(async () => (await metrics()).includes('waiting_reads 1'), 'it waits');
  later.abort();
  await expect(waiting).rejects.toEqual(coded('aborted', null));
});

it('comes back when a node that limits it says so', async () => {
  const repram = await start({}, { rateLimitPerSecond: 5 });
  const values = await Promise.all(Array.from({ length: 15 }, () => repram.get('k')));
  expect(values).toEqual(Array.from({ length: 15 }, () => null));
});

it.each<Partial<RepramOptions>>([
  { nodes: [] },
  { nodes: 'a b' },
  { timeoutMs: 0 },
  { retries: -1 },
  { hedgeMs: Infinity },
])('refuses to be made with %j', async (options) => {
  await start();
  expect(errorCode(() => another(options))).toBe('argument-invalid');
});
