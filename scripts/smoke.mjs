// Starts what was built the way a person does, and uses it: three nodes become ready, a value put
// on the first is read on the two others, and SIGTERM ends everything with exit code 0 within 8 s.
// Needs `npm run build` first. Usage: node scripts/smoke.mjs [launcher]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const NODES = 3;
const READY_WITHIN_MS = 20_000;
const EXIT_WITHIN_MS = 8_000;
const root = join(import.meta.dirname, '..');
const launcher = process.argv[2] ?? join(root, 'dist', 'launcher.js');

/** Whether nothing listens on `port`, asked by binding it. */
async function isFree(port) {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  const [outcome] = await Promise.race([
    once(server, 'listening').then(() => ['free']),
    once(server, 'error'),
  ]);
  server.close();
  return outcome === 'free';
}

async function freeRange(count) {
  for (let base = 10_000 + (process.pid % 1000) * 16; base < 29_000; base += 16) {
    const ports = Array.from({ length: count }, (_, index) => base + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return ports;
  }
  throw new Error('no free ports between 10000 and 29000');
}

async function waitFor(what, limitMs, condition) {
  const startMs = performance.now();
  for (;;) {
    const result = await condition().catch(() => false);
    const tookMs = Math.round(performance.now() - startMs);
    if (result) return console.log(`${what}: ${tookMs} ms`);
    if (tookMs > limitMs) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await delay(20);
  }
}

const call = (port, path, options) =>
  fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(3000), ...options });

function expectEqual(what, got, wanted) {
  if (got !== wanted) throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
}

async function useNetwork(child, ports) {
  for (const port of ports) {
    const ready = async () => child.exitCode !== null || (await call(port, '/health/ready')).ok;
    await waitFor(`node on ${port} ready`, READY_WITHIN_MS, ready);
    expectEqual('exit code of the launcher, which should still run,', child.exitCode, null);
  }
  const put = await call(ports[0], '/data/smoke?ttl=600', { method: 'PUT', body: 'kept for a while' });
  expectEqual(`PUT on ${ports[0]}`, put.status, 201);
  for (const port of ports.slice(1)) {
    const got = await call(port, '/data/smoke');
    expectEqual(`GET on ${port}`, `${got.status} ${await got.text()}`, '200 kept for a while');
  }
  console.log(`a value put on ${ports[0]} is read on ${ports.slice(1).join(' and ')}`);
}

/** Whether a process of the launcher's group is left. */
function groupLives(groupId) {
  try {
    process.kill(-groupId, 0);
    return true;
  } catch {
    return false;
  }
}

async function refuses(port) {
  const socket = connect(port, '127.0.0.1');
  const [outcome] = await Promise.race([once(socket, 'connect').then(() => ['open']), once(socket, 'error')]);
  socket.destroy();
  return outcome !== 'open';
}

async function stop(child, exited, ports) {
  const limit = new AbortController();
  const startMs = performance.now();
  child.kill('SIGTERM');
  const late = delay(EXIT_WITHIN_MS, ['nothing'], { signal: limit.signal }).catch(() => ['nothing']);
  const [code, signal] = await Promise.race([exited, late]);
  limit.abort();
  expectEqual(`exit within ${EXIT_WITHIN_MS} ms of SIGTERM`, code ?? signal, 0);
  console.log(`exit code 0 after SIGTERM: ${Math.round(performance.now() - startMs)} ms`);
  await waitFor('no process left', 1000, async () => !groupLives(child.pid));
  for (const port of ports) expectEqual(`port ${port} released`, await refuses(port), true);
}

if (!existsSync(launcher)) throw new Error(`${launcher} is missing: run \`npm run build\` first`);
const ports = await freeRange(NODES);
const child = spawn(process.execPath, [launcher], {
  cwd: root,
  detached: true,
  stdio: 'inherit',
  env: {
    ...process.env,
    BASE_PORT: String(ports[0]),
    MAX_PORTS: String(NODES),
    NODE_COUNT: String(NODES),
    DISCOVERY_DOMAIN: 'localhost',
    REPRAM_BIND_ADDRESS: '127.0.0.1',
  },
});
const exited = once(child, 'exit');
try {
  await useNetwork(child, ports);
  await stop(child, exited, ports);
} catch (error) {
  console.error(`smoke test failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (groupLives(child.pid)) process.kill(-child.pid, 'SIGKILL');
}
