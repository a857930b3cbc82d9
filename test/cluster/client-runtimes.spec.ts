// The client as it ships, in each of the programs that it is for: Node.js, and Deno and Bun where
// they are installed. Browsers are in test/browser.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { possibleWith } from '../support/basics/possible';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { type } from '../support/processes/typed';

const CLIENT = pathToFileURL(join(__dirname, '../../dist/client/index.mjs')).href;
const EVERY_CALL = join(__dirname, '../support/client/every-call.mjs');

const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  node: [process.execPath],
  deno: ['deno', 'run', '--no-config', '--allow-net', '--allow-read'],
  bun: ['bun'],
};

function problemOf(program: string): string | null {
  return spawnSync(program, ['--version']).error === undefined ? null : 'it is not installed';
}

describe('every call of the client', () => {
  const cluster = new Cluster();
  let launched: Launched;
  beforeAll(async () => {
    launched = await Launched.start(cluster);
  });
  afterAll(() => cluster.cleanUp());

  for (const [name, program] of Object.entries(RUNTIMES))
    possibleWith(name, problemOf(program[0]))(`does in ${name} what it should`, async () => {
      const { code, out, errors } = await type([EVERY_CALL, CLIENT, `127.0.0.1:${launched.base}`, name], {
        program,
      });
      expect({ code, errors, out }).toEqual({ code: 0, errors: '', out: '[]\n' });
    });
});
