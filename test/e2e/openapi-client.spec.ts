// A client generated from the document compiles strictly and works against real nodes.
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startNetwork } from '../support/processes/network';
import { DOCUMENT_PATH, generateDocument, ROOT } from '../support/http/openapi';

const COMPILE = '--strict --module nodenext --target es2022 --types node --skipLibCheck'.split(' ');
const CACHE = join(ROOT, '.cache');
let folder: string;
beforeAll(() => {
  generateDocument();
  mkdirSync(CACHE, { recursive: true });
  // Inside the project, so that the program finds its packages.
  folder = mkdtempSync(join(CACHE, 'openapi-client-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  copyFileSync(join(__dirname, 'openapi-client', 'client.mts'), join(folder, 'client.mts'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a package's program; answers what it printed when it failed, '' when it did not. */
function complaint(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? '' : `exit code ${String(status)}\n${stdout}${stderr}`;
}

const SEEN = {
  written: [201, 'OK'],
  read: [200, 'stored by a generated client'],
  original_ttl: '600',
  keys: ['a client/ключ'],
  states: ['alive', 'alive'],
  code: 'key-absent',
  wrong: false,
};

it('openapi-typescript and the compiler find nothing wrong, and openapi-fetch stores and reads a value', async () => {
  const generator = join(ROOT, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');
  expect(complaint(generator, DOCUMENT_PATH, '--output', join(folder, 'api.d.mts'))).toBe('');
  const compiler = require.resolve('typescript/bin/tsc');
  expect(complaint(compiler, ...COMPILE, join(folder, 'client.mts'))).toBe('');

  const network = await startNetwork(3);
  const args = [join(folder, 'client.mjs'), network.urls[0], network.urls[1]];
  const { stdout } = await promisify(execFile)(process.execPath, args).finally(() => network.stop());
  expect(JSON.parse(stdout)).toEqual(SEEN);
});
