// A load generator in a process of its own: autocannon for some seconds, then one line of JSON with
// what it saw.
import autocannon from 'autocannon';
import type { LoadOrder, LoadResult } from './load';
import { benchKeys, benchPaths } from './paths';

async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2] ?? '') as LoadOrder;
  const before = process.cpuUsage();
  const result = await autocannon({
    url: `http://127.0.0.1:${order.port}`,
    connections: order.connections,
    duration: order.seconds,
    requests: requestsOf(order),
  });
  const cpu = process.cpuUsage(before);
  const answer: LoadResult = {
    seconds: result.duration,
    answers: result['2xx'],
    others: result.non2xx + result.errors + result.timeouts,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    maxMs: result.latency.max,
    generatorCpuMs: (cpu.user + cpu.system) / 1000,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/** Each connection keeps the bytes of its own requests. */
function requestsOf({ method, dialect, valueBytes, connections }: LoadOrder): autocannon.Request[] {
  const body = method === 'GET' ? undefined : 'v'.repeat(valueBytes);
  const keys = benchKeys(valueBytes, connections);
  return benchPaths(method, keys, dialect).map((path) => ({ method, path, body }));
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exit(1);
});
