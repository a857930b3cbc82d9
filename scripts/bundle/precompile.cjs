// Keeps what V8 made of the program of a node while one ran, for dist/node.js to load:
//   node scripts/bundle/precompile.cjs DIST
// V8 compiles a function when it is first called. So a node is started that nobody else can meet,
// is asked a little, and ends. Where none can start, what was compiled until then is kept.
'use strict';
const { once } = require('node:events');
const { createServer } = require('node:net');
const { join, resolve } = require('node:path');
const { setTimeout: delay } = require('node:timers/promises');
const { compile, compiledName, run, writeCompiled } = require('./load-compiled.cjs');

const GIVE_UP_AFTER_MS = 20_000;
const HOST = '127.0.0.1';
const dist = resolve(process.argv[2]);
const program = join(dist, 'node-program.js');
// What is left is the command line of the node, which takes no argument.
process.argv.length = 2;
const script = compile(program, null);

/** Between tests of a project and whoever uses this machine: a port that was free just now. */
async function freePort() {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function keep() {
  writeCompiled(join(dist, compiledName('node-program')), script.createCachedData());
  process.exitCode = 0;
}

const ask = (port, path, options) =>
  fetch(`http://${HOST}:${port}${path}`, { ...options, signal: AbortSignal.timeout(1000) });

async function isThere(port) {
  return ask(port, '/health/ready').then(
    ({ ok }) => ok,
    () => false,
  );
}

async function use(port) {
  while (!(await isThere(port))) await delay(20);
  await ask(port, '/data/key?ttl=300', { method: 'PUT', body: 'value' });
  for (const path of ['/data/key', '/keys', '/peers', '/health', '/status']) await ask(port, path);
}

async function main() {
  process.on('exit', keep);
  setTimeout(() => process.exit(0), GIVE_UP_AFTER_MS).unref();
  const port = await freePort();
  const kept = ['PATH', 'HOME', 'TMPDIR'].filter((name) => process.env[name] !== undefined);
  process.env = {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    ...{
      BASE_PORT: `${port}`,
      MAX_PORTS: '1',
      NODE_COUNT: '1',
      REPRAM_BIND_ADDRESS: HOST,
      REPRAM_LOG_LEVEL: 'error',
    },
    REPRAM_CLUSTER: `build-${process.pid}`,
  };
  run(script, program).runNodes({
    obey: (listener) => void use(port).finally(() => listener('SIGTERM')),
  });
}

void main();
