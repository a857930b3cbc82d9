// GET /metrics of nodes that do things.
import { startFakeNode } from '../support/fakes/fake-node';
import { startNetwork, type Network } from '../support/processes/network';
import { parseMetrics, type Samples } from '../support/http/prometheus';
import { exchange } from '../support/http/byte-connection';
import { until } from '../support/basics/until';
import { onGossipOnly, STORE_URL } from '../support/redis/gossip-only';

async function scrape(url: string): Promise<Samples> {
  const answer = await fetch(`${url}/metrics`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parseMetrics(await answer.text());
}

const put = (url: string, key: string, ttl = 600): Promise<Response> =>
  fetch(`${url}/data/${key}?w=all&ttl=${ttl}`, { method: 'PUT', body: 'value' });

describe('the metrics of a network', () => {
  let network: Network;
  beforeAll(async () => {
    network = await startNetwork(3, { ttlMinSeconds: 0.1 });
    for (let i = 0; i < 5; i++) expect((await put(network.urls[0], `k${i}`)).status).toBe(201);
  });
  afterAll(async () => network.stop());

  it('count writes by outcome, their copies and how long they took', async () => {
    const samples = await scrape(network.urls[0]);
    expect(samples.get('repram_writes_total{outcome="held"}')).toBe(5);
    expect(samples.get('repram_writes_total{outcome="stored"}')).toBe(0);
    expect([5, 10, 15]).toContain(samples.get('repram_write_acks_total'));
    const lag = 'repram_replication_lag_seconds';
    expect(samples.get(`${lag}_count{outcome="held"}`)).toBe(5);
    expect(samples.get(`${lag}_bucket{le="+Inf",outcome="held"}`)).toBe(5);
    expect(samples.get(`${lag}_sum{outcome="held"}`)).toBeGreaterThan(0);
    const held = [...samples].filter(([name]) => name.startsWith(`${lag}_bucket`) && name.includes('held'));
    const counts = held.map(([, count]) => count);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });

  it('count writes with a condition, and those that were not tried as none', async () => {
    const writes = async (): Promise<number> =>
      [...(await scrape(network.urls[1]))]
        .filter(([name]) => name.startsWith('repram_writes_total'))
        .reduce((sum, [, count]) => sum + count, 0);
    const before = await writes();
    const guarded = (header: string): Promise<Response> =>
      fetch(`${network.urls[1]}/data/guarded`, { method: 'PUT', body: 'v', headers: { [header]: '*' } });
    expect((await guarded('if-match')).status).toBe(412);
    expect((await guarded('if-none-match')).status).toBe(201);
    expect(await writes()).toBe(before + 1);
  });

  onGossipOnly('a node counts copies, and a store its servers')('count a copy on each node', async () => {
    const samples = await scrape(network.urls[0]);
    expect(samples.get('repram_write_acks_total')).toBe(15);
  });

  it('show storage, members and links on every node, and count only what each did itself', async () => {
    for (const [at, url] of network.urls.entries()) {
      await until(async () => (await scrape(url)).get('repram_storage_keys') === 6, 'figures of now');
      const samples = await scrape(url);
      expect(samples.get('repram_storage_value_bytes')).toBe(26);
      expect(samples.get('repram_members{state="alive"}')).toBe(2);
      expect(samples.get('repram_links')).toBe(2);
      expect(samples.get('repram_node_state{state="ready"}')).toBe(1);
      expect(samples.get('repram_writes_total{outcome="held"}')).toBe([5, 1, 0][at]);
      for (const direction of ['sent', 'received']) {
        const [frames, bytes] = ['frames', 'bytes'].map((unit) =>
          samples.get(`repram_link_${unit}_total{direction="${direction}"}`),
        );
        expect(frames).toBeGreaterThan(0);
        expect(bytes).toBeGreaterThan(frames ?? 0);
      }
    }
  });

  it('show memory, processor time and event-loop delay in base units', async () => {
    const samples = await scrape(network.urls[1]);
    expect(samples.get('repram_process_memory_bytes{kind="rss"}')).toBeGreaterThan(30e6);
    expect(samples.get('repram_process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(samples.get('repram_event_loop_delay_seconds{quantile="0.99"}')).toBeLessThan(10);
    expect(samples.get('repram_uptime_seconds')).toBeLessThan(600);
  });

  it('name everything repram_', async () => {
    expect([...(await scrape(network.urls[0])).keys()].filter((name) => !name.startsWith('repram_'))).toEqual(
      [],
    );
  });

  it('count what expires', async () => {
    await put(network.urls[2], 'brief', 0.1);
    // Each node forgets what it holds. The end of what a server holds is counted once.
    const nodes = STORE_URL === '' ? network.urls.length : 1;
    const expired = async (): Promise<boolean> => {
      const all = await Promise.all(network.urls.map(scrape));
      return all.reduce((sum, samples) => sum + (samples.get('repram_expired_total') ?? 0), 0) === nodes;
    };
    await until(expired, 'the end of the value is counted');
  });

  it('count reads and refused links', async () => {
    const [url] = network.urls;
    const before = (await scrape(url)).get('repram_reads_total') ?? 0;
    await fetch(`${url}/data/k1`);
    await fetch(`${url}/data/absent`);
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://evil.example\r\n';
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    await exchange(Number(new URL(url).port), `GET /gossip HTTP/1.1\r\nHost: h\r\n${upgrade}${key}\r\n`);
    const samples = await scrape(url);
    expect(samples.get('repram_reads_total')).toBe(before + 2);
    expect(samples.get('repram_refused_links_total{reason="origin"}')).toBe(1);
  });
});

describe('the count of reads', () => {
  let network: Network;
  beforeAll(async () => {
    network = await startNetwork(1);
  });
  afterAll(async () => network.stop());

  it.each<[string, number, (url: string) => Promise<unknown>]>([
    ['a read that waits in vain', 1, (url) => fetch(`${url}/data/never?wait=0.2`)],
    [
      'a read that waits until its key comes',
      1,
      async (url) => {
        const waiting = fetch(`${url}/data/comes?wait=20`);
        await until(async () => (await scrape(url)).get('repram_waiting_reads') === 1, 'it waits');
        await put(url, 'comes', 600);
        await waiting;
      },
    ],
    [
      'a write with a condition',
      0,
      (url) => fetch(`${url}/data/guarded`, { method: 'PUT', body: 'v', headers: { 'if-none-match': '*' } }),
    ],
    ['a write', 0, (url) => put(url, 'plain', 600)],
    ['a HEAD', 1, (url) => fetch(`${url}/data/plain`, { method: 'HEAD' })],
    [
      'a read with a condition',
      1,
      (url) => fetch(`${url}/data/plain`, { headers: { 'if-none-match': '"x"' } }),
    ],
    ['a read that is refused', 0, (url) => fetch(`${url}/data/%ZZ`)],
  ])('is what clients ask: %s is %d', async (_, count, ask) => {
    const [url] = network.urls;
    const before = (await scrape(url)).get('repram_reads_total') ?? 0;
    await ask(url);
    expect((await scrape(url)).get('repram_reads_total')).toBe(before + count);
  });
});

describe('the count of rejected requests', () => {
  it('tells each problem by its code', async () => {
    const node = await startFakeNode({ valueBytesMax: 10 });
    await fetch(`${node.url}/data/absent`);
    await fetch(`${node.url}/data/k`, { method: 'PUT', body: 'more than ten bytes' });
    await fetch(`${node.url}/data/k`, { method: 'DELETE' });
    await fetch(`${node.url}/keys?limit=none`);
    await exchange(node.port, 'GET /%ZZ HTTP/1.1\r\nHost: h\r\n\r\n');
    await exchange(node.port, 'junk\r\n\r\n');
    const samples = await scrape(node.url);
    await node.close();
    const counted = [...samples].filter(([name, count]) => name.includes('rejected') && count > 0);
    expect(counted).toEqual(
      [
        ['query-invalid', 400],
        ['url-invalid', 400],
        ['request-invalid', 400],
        ['key-absent', 404],
        ['method-not-allowed', 405],
        ['value-too-large', 413],
      ].map(([code, status]) => [`repram_rejected_requests_total{code="${code}",status="${status}"}`, 1]),
    );
  });

  it('goes on being told to a client that is over its rate', async () => {
    const node = await startFakeNode({ rateLimitPerSecond: 1 });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await fetch(`${node.url}/data/k`)).status);
    const refused = statuses.filter((status) => status === 429).length;
    expect(refused).toBeGreaterThan(2);
    const samples = await scrape(node.url);
    await node.close();
    expect(samples.get('repram_rejected_requests_total{code="rate-limited",status="429"}')).toBe(refused);
  });
});
