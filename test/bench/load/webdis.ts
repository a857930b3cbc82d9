// What people put in front of Redis to speak HTTP with it: webdis with a primary and two replicas,
// which keep nothing on disk. The replicas acknowledge nothing, so this is the lesser promise.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/basics/until';
import { portRange } from '../../support/processes/ports';
import type { Bench } from '../program';
import { HttpConnection } from './http-connection';
import type { Target } from './targets';

const REPLICAS = 2;
/** Larger than any value of a bench. */
const REQUEST_BYTES_MAX = 64 * 1024 * 1024;

export function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function webdisIsInstalled(): boolean {
  return isInstalled('webdis') && isInstalled('redis-server');
}

export async function startWebdis(bench: Bench): Promise<Target> {
  const primary = await portRange(1 + REPLICAS);
  const redisPids = [startRedis(bench, primary)];
  for (let replica = 1; replica <= REPLICAS; replica += 1)
    redisPids.push(startRedis(bench, primary + replica, ['--replicaof', '127.0.0.1', String(primary)]));
  const { port, pid } = await startWebdisAt(bench, primary);
  return { name: 'webdis', dialect: 'webdis', port, pid, allPids: [pid, ...redisPids] };
}

/** In front of the Redis on that port. */
export async function startWebdisAt(
  { processes }: Bench,
  redisPort: number,
): Promise<{ readonly port: number; readonly pid: number }> {
  const port = await portRange(1);
  const folder = mkdtempSync(join(tmpdir(), 'repram-bench-'));
  const file = join(folder, 'webdis.json');
  writeFileSync(file, JSON.stringify(configuration(port, redisPort, folder)));
  const child = processes.start({ program: 'webdis', args: [file] });
  drain(child);
  await until(() => canWrite(port), 'webdis to take a value', 15_000);
  return { port, pid: child.pid ?? 0 };
}

function startRedis(bench: Bench, port: number, more: readonly string[] = []): number {
  const where = ['--port', String(port), '--bind', '127.0.0.1'];
  // A replica writes what it is given to a file in its folder.
  const inMemory = ['--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const child = bench.processes.start({ program: 'redis-server', args: [...where, ...inMemory, ...more] });
  drain(child);
  return child.pid ?? 0;
}

/** A full pipe would stop it. */
function drain({ stdout, stderr }: ReturnType<Bench['processes']['start']>): void {
  stdout?.resume();
  stderr?.resume();
}

function configuration(port: number, redisPort: number, folder: string): object {
  return {
    redis_host: '127.0.0.1',
    redis_port: redisPort,
    http_host: '127.0.0.1',
    http_port: port,
    threads: 1,
    pool_size: 20,
    daemonize: false,
    websockets: false,
    database: 0,
    acl: [{ disabled: [] }],
    http_max_request_size: REQUEST_BYTES_MAX,
    verbosity: 0,
    logfile: join(folder, 'webdis.log'),
  };
}

async function canWrite(port: number): Promise<boolean> {
  const connection = await HttpConnection.open(port);
  try {
    return (await connection.request('PUT', '/SETEX/bench-0/60', 'value')).status === 200;
  } finally {
    connection.close();
  }
}
