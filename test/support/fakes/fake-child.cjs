// Stands in for a node process: says over IPC what a node says, and misbehaves on order.
// FAKE_CHILD_PLAN is a JSON object from a node's index to the behaviours of its successive starts
// (the last one repeats); FAKE_CHILD_DIR gets one line per start in <index>.pids. It binds nothing.
'use strict';
const { execFileSync } = require('node:child_process');
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setInterval } = require('node:timers');

const indexes = process.env.REPRAM_NODE_INDEXES.split(',').map(Number);
const basePort = Number(process.env.BASE_PORT ?? 8081);
const nodeCount = Number(process.env.NODE_COUNT ?? 3);
const beatIntervalMs = Math.min(1000, Number(process.env.REPRAM_HUNG_AFTER_MS ?? 30000) / 4);

function behaviour() {
  const file = join(process.env.FAKE_CHILD_DIR, `${indexes[0]}.pids`);
  appendFileSync(file, `${process.pid}\n`);
  const starts = readFileSync(file, 'utf8').trim().split('\n').length;
  const plan = JSON.parse(process.env.FAKE_CHILD_PLAN ?? '{}')[indexes[0]] ?? ['run'];
  return plan[Math.min(starts, plan.length) - 1];
}

/** The event loop never turns again. */
function hang() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function sayReady() {
  for (const index of indexes) {
    const nodeId = index.toString(16).padStart(16, '0');
    process.send({ kind: 'claimed', index, name: `flux-node-${index}`, nodeId, port: basePort + index - 1 });
    process.send({ kind: 'state', index, state: 'ready', livePeers: nodeCount - 1 });
  }
}

function run({ deaf }) {
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => deaf || process.exit(0));
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => message.kind === 'drain' && !deaf && process.exit(0));
  setInterval(() => process.send({ kind: 'beat' }), beatIntervalMs);
  sayReady();
}

const behaviours = {
  run: () => run({ deaf: false }),
  deaf: () => run({ deaf: true }),
  unclaimed: () => {
    run({ deaf: false });
    process.send({ kind: 'unclaimed', index: indexes[0], detail: 'ports 8081-8090 are taken' });
  },
  crash: () => {
    run({ deaf: false });
    setTimeout(() => process.exit(1), 50);
  },
  hang: () => {
    run({ deaf: false });
    setTimeout(hang, 100);
  },
  'hang-at-start': hang,
  'spin-at-start': () => {
    for (;;);
  },
  'starved-start': () => {
    execFileSync('taskset', ['-pc', '0', String(process.pid)]);
    const before = process.cpuUsage();
    const usedMs = ({ user, system }) => (user + system) / 1000;
    while (usedMs(process.cpuUsage(before)) < 500);
    run({ deaf: false });
  },
  'bad-settings': () => process.exit(2),
  'bad-options': () => {
    process.stderr.write('node: --no-such-flag is not allowed in NODE_OPTIONS\n');
    process.exitCode = 9;
    process.disconnect();
  },
};

behaviours[behaviour()]();
