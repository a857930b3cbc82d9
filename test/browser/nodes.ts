// The nodes behind the page: the launcher as built, with real processes.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const ROOT = join(__dirname, '..', '..');

export interface Nodes {
  readonly ports: readonly number[];
  /** Of each node's page. */
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

/** Longest lifetime the nodes allow; below the longest that the page offers. */
export const TTL_MAX_SECONDS = 43_200;

/**
 * Starts `count` nodes on free ports and waits until each is ready.
 *
 * @param settings of the nodes, before those that every test has
 */
export async function startNodes(count: number, settings: NodeJS.ProcessEnv = {}): Promise<Nodes> {
  const base = await portRange(count);
  const ports = Array.from({ length: count }, (_, index) => base + index);
  const urls = ports.map((port) => `http://127.0.0.1:${port}/`);
  const launcher = startLauncher(base, count, settings);
  const nodes = { ports, urls, stop: () => stopLauncher(launcher.process) };
  try {
    await Promise.all(urls.map((url) => until(() => isReady(url), `${url} ready`, 30_000)));
    await until(() => knowPeers(urls, count - 1), 'every node knows the others');
  } catch (error) {
    await nodes.stop();
    throw new Error(`the nodes did not start:\n${launcher.said()}`, { cause: error });
  }
  return nodes;
}

function startLauncher(
  base: number,
  count: number,
  settings: NodeJS.ProcessEnv,
): { process: ChildProcess; said: () => string } {
  const said: string[] = [];
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'launcher.js')], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...settings,
      BASE_PORT: String(base),
      MAX_PORTS: String(count),
      NODE_COUNT: String(count),
      DISCOVERY_DOMAIN: 'localhost',
      REPRAM_BIND_ADDRESS: '127.0.0.1',
      REPRAM_MIN_TTL: '1',
      REPRAM_MAX_TTL: String(TTL_MAX_SECONDS),
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  }
  return { process: child, said: () => said.join('').slice(-4000) };
}

async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}health/ready`, { signal: AbortSignal.timeout(2000) })).ok;
}

async function knowPeers(urls: readonly string[], count: number): Promise<boolean> {
  const answers = await Promise.all(urls.map((url) => fetch(`${url}peers`)));
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { peers: unknown[] }[];
  return bodies.every((body) => body.peers.length === count);
}

/** SIGTERM, and the whole process group is killed when that does not end it within 10 s. */
async function stopLauncher(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const killer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, 10_000);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(killer);
}
