// `npm test`: builds, runs the light tests, then those that start processes or a browser, and fails
// when any of the three did. The latter mostly wait, and each has ports and namespaces of its own,
// so two of them run side by side. Each run leaves its counts in .cache/ for .ci/run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

const runs = [
  {
    name: 'light',
    options: [
      '--maxWorkers=2',
      '--selectProjects',
      'unit',
      'architecture',
      'simulation',
      'fuzz',
      'core',
      'e2e',
      'flux',
    ],
  },
  { name: 'heavy', options: ['--maxWorkers=2', '--selectProjects', 'cluster', 'chaos', 'browser'] },
];

function run(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

mkdirSync(join(root, '.cache'), { recursive: true });
const results = ({ name }) => join('.cache', `jest-${name}.json`);
for (const each of runs) rmSync(join(root, results(each)), { force: true });

const statuses = [run([join('scripts', 'build.mjs')])];
for (const each of runs) statuses.push(run([jest, '--json', '--outputFile', results(each), ...each.options]));
process.exit(statuses.every((status) => status === 0) ? 0 : 1);
