// `npm test`: builds, runs all tests, and fails when any of them did. Tests that compute and tests
// that mostly wait for processes, sockets or a browser run side by side, in one run of jest each.
// The first kind has the lowest priority, so that it takes only what the second leaves of the
// processors. Of the second each file has ports and namespaces of its own. Either run starts its
// longest files first (scripts/test-order.cjs). The counts of both are in .cache/jest.json for
// .ci/run. `npm test -- --note` writes down how long each file took: the order is made of that.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { join, relative, sep } from 'node:path';

const { GOSSIP, NO_ENGINE, OWN, LEFT_OUT, hasServer, testFiles } = createRequire(import.meta.url)(
  './test-engines.cjs',
);

const root = join(import.meta.dirname, '..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const results = join(root, '.cache', 'jest.json');
const durations = join(root, 'scripts', 'test-durations.json');

/** For a machine of two cores. */
const RUNS = [
  {
    name: 'waiting',
    kinds: ['e2e', 'e2e-store', 'flux', 'cluster', 'chaos', 'browser'],
    workers: 2,
    priority: constants.priority.PRIORITY_NORMAL,
    isShown: true,
  },
  {
    name: 'computing',
    kinds: ['unit', 'architecture', 'simulation', 'fuzz', 'core'],
    workers: 2,
    priority: constants.priority.PRIORITY_LOW,
    isShown: false,
  },
];
/** Files that take less are not worth a line: the order of those does not matter. */
const NOTED_SECONDS = 10;
const FAILURE_MAX_CHARS = 2000;

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

/**
 * What a run prints that is not shown as it comes: shown whole, for two at a time would be mixed.
 */
function gathered(child) {
  const parts = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => parts.push(part));
  return parts;
}

/** Runs these kinds, and returns what jest says of them; null when it did not come to say it. */
async function runKinds({ name, kinds, workers, priority, isShown }) {
  const file = join(root, '.cache', `jest-${name}.json`);
  rmSync(file, { force: true });
  const options = [`--maxWorkers=${workers}`, '--json', '--outputFile', file, '--selectProjects', ...kinds];
  const child = spawn(process.execPath, [jest, ...options], {
    cwd: root,
    stdio: isShown ? 'inherit' : 'pipe',
  });
  setPriority(child.pid, priority);
  const printed = gathered(child);
  const [code] = await once(child, 'close');
  process.stdout.write(Buffer.concat(printed));
  return { passed: code === 0, said: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null };
}

/** What failed, at the very end: what runs side by side prints pages. */
function printFailures() {
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  for (const { name, message, assertionResults } of testResults) {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of failed) {
      const reason = failureMessages.join('\n').slice(0, FAILURE_MAX_CHARS);
      console.log(`\nFAILED ${relative(root, name)}: ${fullName}\n${reason}`);
    }
    if (message && assertionResults.length === 0) {
      console.log(`\nFAILED ${relative(root, name)}\n${message.slice(0, FAILURE_MAX_CHARS)}`);
    }
  }
}

/** Of all runs together, as one of jest's own would have it. */
function noteResults(all) {
  const sum = (count) => all.reduce((total, said) => total + said[count], 0);
  const result = {
    numPassedTests: sum('numPassedTests'),
    numFailedTests: sum('numFailedTests'),
    numRuntimeErrorTestSuites: sum('numRuntimeErrorTestSuites'),
    testResults: all.flatMap(({ testResults }) => testResults),
  };
  writeFileSync(results, JSON.stringify(result));
}

/** How much of what real nodes answer was asked with both engines, and what was not. */
function printEngines() {
  const files = testFiles();
  const counted = (kind) => files.filter((file) => file.kind === kind).length;
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const leftOut = tests.filter(({ fullName }) => fullName.includes(LEFT_OUT)).length;
  console.log(
    `Tests of real nodes: ${counted(null)} files with gossip and with a store, but for ${leftOut} tests; on gossip alone ${counted(GOSSIP)} files, without an engine ${counted(NO_ENGINE)}, with servers of their own ${counted(OWN)}`,
  );
}

/** What was left out for want of a program, in one line that cannot be overlooked. */
function printSkipped() {
  if (!hasServer()) {
    console.log(
      '\n!!! SKIPPED: all tests of values in Valkey or Redis, because there is neither redis-server nor valkey-server here (apt-get install redis-server).\n',
    );
  } else if (spawnSync('openssl', ['version']).status !== 0) {
    console.log(
      '\n!!! SKIPPED: the tests of TLS to Valkey or Redis, because there is no openssl here to make certificates (apt-get install openssl).\n',
    );
  }
}

mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(results, { force: true });
const isBuilt = run(join('scripts', 'build.mjs')) === 0;
const runs = await Promise.all(RUNS.map(runKinds));
const said = runs.map((each) => each.said);
if (!said.includes(null)) {
  noteResults(said);
  printKinds();
  printEngines();
  if (process.argv.includes('--note')) noteDurations();
  printFailures();
}
printSkipped();
process.exitCode = isBuilt && runs.every(({ passed }) => passed) ? 0 : 1;
