// The program that the image's HEALTHCHECK runs, against a node and against nobody.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TestProcess } from '../support/processes/test-process';

const SCRIPT = join(__dirname, '../../dist/health-check.js');
let server: Server | null = null;
afterEach(() => server?.close());

async function answering(status: number, host: string, body = ''): Promise<number> {
  const listening = createServer((_request, response) => response.writeHead(status).end(body));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, host, resolve));
  return (listening.address() as AddressInfo).port;
}

async function said(env: Record<string, string>): Promise<{ code: number | null; errors: string }> {
  const check = new TestProcess([process.execPath, SCRIPT], env);
  const { code } = await check.exited;
  return { code, errors: check.errors };
}

async function checked(env: Record<string, string>): Promise<number | null> {
  return (await said(env)).code;
}

it.each<[string, string, (port: number) => Record<string, string>, number]>([
  ['a healthy node', '127.0.0.1', (port) => ({ BASE_PORT: String(port) }), 0],
  ['a port with white space around it', '127.0.0.1', (port) => ({ BASE_PORT: ` ${port}\r` }), 0],
  [
    'a host on loopback',
    '127.0.0.2',
    (port) => ({ BASE_PORT: String(port), REPRAM_BIND_ADDRESS: '127.0.0.2' }),
    0,
  ],
  ['a port that is none', '127.0.0.1', () => ({ BASE_PORT: '8081 tcp' }), 2],
])('exits as it should for %s', async (_, host, env, code) => {
  expect(await checked(env(await answering(200, host)))).toBe(code);
});

it('exits with 1 when the node is unhealthy, and when nobody listens', async () => {
  const port = await answering(503, '127.0.0.1');
  expect(await checked({ BASE_PORT: String(port) })).toBe(1);
  await new Promise((resolve) => server?.close(resolve));
  expect(await checked({ BASE_PORT: String(port) })).toBe(1);
});

it('says on standard error what is wrong', async () => {
  const body = '{"status":"error",\n "details":{"event_loop":"\u009B1m"}}';
  const place = `127.0.0.1:${await answering(503, '127.0.0.1', body)}`;
  const env = { BASE_PORT: place.split(':')[1] };
  expect((await said(env)).errors).toBe(
    `REPRAM is not healthy: ${place} answers 503: {"status":"error", "details":{"event_loop":"\\u009b1m"}}\n`,
  );
  await new Promise((resolve) => server?.close(resolve));
  expect((await said(env)).errors).toBe(
    `REPRAM is not healthy: no node answers at ${place} (ECONNREFUSED)\n`,
  );
  const wrong = await said({ BASE_PORT: 'foo', NODE_COUNT: '0' });
  expect(wrong.errors).toMatch(
    /^REPRAM was not asked: 2 settings are wrong\.\n {2}BASE_PORT: "foo"\n.*\n {2}NODE_COUNT: "0"\n/,
  );
});

it('says so when an answer does not come', async () => {
  const listening = createServer(() => undefined);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const { code, errors } = await said({ BASE_PORT: String(port) });
  listening.closeAllConnections();
  expect({ code, errors }).toEqual({
    code: 1,
    errors: `REPRAM is not healthy: no whole answer from 127.0.0.1:${port} within 4000 ms\n`,
  });
});
