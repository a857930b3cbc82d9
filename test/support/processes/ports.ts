// Hands out TCP port ranges that no other test holds, whichever jest worker or jest run it belongs
// to. As with the product's own ports the bind is the claim: each block of 32 ports has a guard
// port, which this process keeps bound until it ends, or the file of a test does. So no lock file
// can go stale, and two runs on one machine stay apart.
import { createServer } from 'node:net';
import type { Server } from 'node:net';

const FIRST_PORT = 10_000;
const BLOCK_PORTS = 32;
/** 10000-29999: below the ephemeral range, where the kernel lends ports to anyone. */
const BLOCKS = Math.floor(20_000 / BLOCK_PORTS);

/**
 * Workers start in different places; a prime far from a divisor of BLOCKS keeps neighbours apart.
 */
function firstBlock(): number {
  const worker = Number(process.env.JEST_WORKER_ID ?? '1');
  return (worker * 101 + process.pid) % BLOCKS;
}

/** Null when somebody listens there. */
function bind(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

async function isFree(port: number): Promise<boolean> {
  const server = await bind(port);
  if (server === null) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

async function allFree(base: number, count: number): Promise<boolean> {
  for (let port = base; port < base + count; port += 1) {
    if (!(await isFree(port))) return false;
  }
  return true;
}

/** Of the ranges that were handed out. */
const guards = new Set<Server>();

// One process runs hundreds of files of tests, and there are not as many blocks.
if (typeof afterAll === 'function') {
  afterAll(() => {
    for (const guard of guards) guard.close();
    guards.clear();
  });
}

/**
 * The guard stays bound, without keeping the process alive, for as long as the range may be in use:
 * in a test to the end of its file.
 */
async function claimBlock(base: number, count: number): Promise<boolean> {
  const guard = await bind(base + BLOCK_PORTS - 1);
  if (guard === null) return false;
  if (await allFree(base, count)) {
    guard.unref();
    guards.add(guard);
    return true;
  }
  guard.close();
  return false;
}

/**
 * The first of `count` (1..31) successive ports within 10000-29999 that were free a moment ago and
 * that no other caller of this function is given while this process lives, or in a test its file.
 */
export async function portRange(count: number): Promise<number> {
  if (count < 1 || count >= BLOCK_PORTS) throw new Error(`1 to ${BLOCK_PORTS - 1} ports, not ${count}`);
  const first = firstBlock();
  for (let step = 0; step < BLOCKS; step += 1) {
    const base = FIRST_PORT + ((first + step) % BLOCKS) * BLOCK_PORTS;
    if (await claimBlock(base, count)) return base;
  }
  throw new Error('every port range between 10000 and 29999 is taken');
}
