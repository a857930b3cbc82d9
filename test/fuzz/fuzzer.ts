// The fuzzer's command line in a process of its own: inside jest's sandbox it takes twice as long.
import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** What `npm run fuzz` prints, and whether nothing was found. */
export function runFuzzer(...flags: string[]): Promise<{ passed: boolean; output: string }> {
  const command = ['scripts/run-ts.cjs', 'test/fuzz/cli.ts', ...flags];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: stdout + stderr });
    });
  });
}
