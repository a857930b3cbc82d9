// `npm test`: builds and runs every test in one go, and fails when any did. Most of the cluster tests' time is waiting, and each
// has ports and namespaces of its own, so they run beside those that compute (scripts/test-order.cjs). The run leaves its counts in
// .cache/jest.json for .ci/run. `npm test -- --note` writes down how long each file took: the order is made of that.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const results = join(root, '.cache', 'jest.json');
const durations = join(root, 'scripts', 'test-durations.json');

/** On two cores: one more than they are, because of the waiting. */
const WORKERS = 3;
/** Files that take less are not worth a line: the order of those does not matter. */
const NOTED_SECONDS = 10;

function run(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

/** Each test file and its seconds, the longest first. */
function measured() {
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  return testResults
    .map(({ name, startTime, endTime }) => [relative(root, name), (endTime - startTime) / 1000])
    .sort(([, a], [, b]) => b - a);
}

/** What the files of each kind took, one after the other; workers run several at a time. */
function printKinds() {
  const kinds = new Map();
  for (const [path, took] of measured()) {
    const kind = path.startsWith('test') ? path.split(sep)[1] : 'unit';
    kinds.set(kind, (kinds.get(kind) ?? 0) + took);
  }
  const parts = [...kinds].map(([kind, took]) => `${kind} ${took.toFixed(0)}`);
  console.log(`Seconds of all files of a kind: ${parts.join(', ')}`);
}

function noteDurations() {
  const worthALine = measured().filter(([, took]) => took >= NOTED_SECONDS);
  const seconds = worthALine.map(([path, took]) => [path.split(sep).join('/'), Math.round(took)]);
  writeFileSync(durations, `${JSON.stringify(Object.fromEntries(seconds), null, 2)}\n`);
}

mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(results, { force: true });
const statuses = [
  run(join('scripts', 'build.mjs')),
  run(jest, `--maxWorkers=${WORKERS}`, '--json', '--outputFile', results),
];
if (existsSync(results)) printKinds();
if (existsSync(results) && process.argv.includes('--note')) noteDurations();
process.exit(statuses.every((status) => status === 0) ? 0 : 1);
