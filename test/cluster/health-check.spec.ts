// The program that the image's HEALTHCHECK runs, against a node and against nobody.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TestProcess } from '../support/processes/test-process';

const SCRIPT = join(__dirname, '../../dist/health-check.js');
let server: Server | null = null;
afterEach(() => server?.close());

async function answering(status: number, host: string): Promise<number> {
  const listening = createServer((_request, response) => response.writeHead(status).end());
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, host, resolve));
  return (listening.address() as AddressInfo).port;
}

async function checked(env: Record<string, string>): Promise<number | null> {
  const { code } = await new TestProcess([process.execPath, SCRIPT], env).exited;
  return code;
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
  ['a port that is none', '127.0.0.1', () => ({ BASE_PORT: '8081 tcp' }), 1],
])('exits as it should for %s', async (_, host, env, code) => {
  expect(await checked(env(await answering(200, host)))).toBe(code);
});

it('exits with 1 when the node is unhealthy, and when nobody listens', async () => {
  const port = await answering(503, '127.0.0.1');
  expect(await checked({ BASE_PORT: String(port) })).toBe(1);
  await new Promise((resolve) => server?.close(resolve));
  expect(await checked({ BASE_PORT: String(port) })).toBe(1);
});
