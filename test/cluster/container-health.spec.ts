// The image's health check, run as the container engine runs it: against nodes in every condition.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { execForm, stagesOf, textsOf } from '../architecture/dockerfile';
import { portRange } from '../support/processes/ports';

const dockerfile = readFileSync(join(__dirname, '../../Dockerfile.flux-sim'), 'utf8');
const [command] = stagesOf(dockerfile)
  .slice(-1)
  .flatMap((stage) => textsOf(stage, 'HEALTHCHECK'));
const [, ...args] = execForm(command);
/** What the engine grants (--timeout). */
const TIMEOUT_MS = Number(/--timeout=(\d+)s/.exec(command)?.[1]) * 1000;

/** Exit code within the engine's limit, null when it had to be killed. */
function check(port: number): Promise<number | null> {
  const env = { PATH: process.env.PATH ?? '', BASE_PORT: String(port) };
  const child = spawn(process.execPath, args, {
    env,
    stdio: 'ignore',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => child.once('close', resolve));
}

describe('the health check of the image', () => {
  let port: number;
  let server: Server | null = null;
  const asked: string[] = [];

  function serve(status: number | null): Promise<void> {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (status !== null) response.writeHead(status).end();
    });
    return new Promise((resolve) => server?.listen(port, '127.0.0.1', resolve));
  }

  beforeEach(async () => {
    port = await portRange(1);
    asked.length = 0;
  });

  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
    server = null;
  });

  it('is content with a healthy node on BASE_PORT', async () => {
    await serve(200);
    expect(await check(port)).toBe(0);
    expect(asked).toEqual(['/health']);
  });

  it.each([
    ['an unhealthy node', 503],
    ['a node that does not answer in time', null],
  ])('complains about %s', async (_what, status) => {
    await serve(status);
    expect(await check(port)).toBe(1);
  });

  it('complains when nobody listens', async () => {
    expect(await check(port)).toBe(1);
  });
});
