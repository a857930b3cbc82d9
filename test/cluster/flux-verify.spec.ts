// The verification of a deployment as a person runs it, against real launchers on loopback: what it
// calls good is good, and whatever is wrong makes it fail.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { call, portsFrom, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import type { Environment } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const ROOT = join(__dirname, '../..');
const SCRIPT = join(ROOT, 'flux', 'verify.sh');
const STUB = join(ROOT, 'test', 'support', 'fakes', 'stub-curl.cjs');

interface Run {
  readonly code: number | null;
  readonly passed: number;
  readonly failed: readonly string[];
  readonly errors: string;
  readonly last: string | undefined;
}

describe('flux/verify.sh', () => {
  const cluster = new Cluster();
  let base: number;

  /** Places by their offset from the first port. */
  const place = (offset: number): string => `127.0.0.1:${base + offset}`;

  async function verify(args: readonly string[], env: Environment = {}): Promise<Run> {
    const path = process.env.PATH ?? '';
    const started = cluster.run(['bash', SCRIPT, ...args], { PATH: path, ...env });
    const { code } = await started.exited;
    const lines = started.otherOutput;
    return {
      code,
      passed: lines.filter((line) => line.startsWith('  ok ')).length,
      failed: lines
        .filter((line) => line.startsWith('  FAILED '))
        .map((line) => line.slice(10).replace(/verify-[\d-]+/, 'KEY')),
      errors: started.errors,
      last: lines.at(-1),
    };
  }

  beforeAll(async () => {
    base = await portRange(10);
    cluster.startLauncher({ base, env: { MAX_PORTS: '3' } });
    await untilMesh(portsFrom(base, 3));
  });

  afterAll(() => cluster.cleanUp());

  it('passes on three nodes, named by host and ports', async () => {
    const range = `${base}-${base + 2}`;
    expect(await verify(['--ports', range, '--nodes', '3', '127.0.0.1'])).toEqual({
      code: 0,
      passed: 12,
      failed: [],
      errors: '',
      last: 'All checks passed.',
    });
    const list = await verify(['--ports', `${base},${base + 2}`, '127.0.0.1']);
    expect([list.code, list.passed]).toEqual([0, 8]);
  });

  it('passes on places named one by one, with scheme or without, and on a single one', async () => {
    const two = await verify([place(0), `http://${place(2)}/`]);
    expect([two.code, two.passed]).toEqual([0, 8]);
    const one = await verify([place(1)]);
    expect([one.code, one.passed]).toEqual([0, 4]);
  });

  it('asks names behind a gateway as they stand', async () => {
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    const directory = mkdtempSync(join(ROOT, '.cache', 'verify-'));
    chmodSync(STUB, 0o755);
    symlinkSync(STUB, join(directory, 'curl'));
    const names = ['https://faderepram.app.runonflux.io', 'https://faderepram_38082.app.runonflux.io'];
    const { code, passed, failed } = await verify(names, {
      PATH: `${directory}:${process.env.PATH ?? ''}`,
      STUB_PLACES: JSON.stringify({ [names[0]]: `http://${place(0)}`, [names[1]]: `http://${place(1)}` }),
    });
    rmSync(directory, { recursive: true });
    expect({ code, passed, failed }).toEqual({ code: 0, passed: 8, failed: [] });
  });

  it('fails where nobody listens, and still checks the others', async () => {
    const { code, passed, failed, last } = await verify(['--within', '0', place(0), place(9), place(1)]);
    expect({ code, passed, last }).toEqual({ code: 1, passed: 8, last: '4 checks failed.' });
    expect(failed).toEqual([
      expect.stringMatching(`^http://${place(9)}/health: 200; no answer: curl`),
      `http://${place(9)}/peers: no answer of a node`,
      expect.stringMatching(`^GET http://${place(9)}/data/KEY: "written at http://${place(0)}"; no answer`),
      expect.stringMatching(`^GET http://${place(9)}/data/KEY: "written at http://${place(1)}"; no answer`),
    ]);
  });

  it('fails when something else answers', async () => {
    const foreign = createServer((_request, response) => response.end('{"status":"ok"}'));
    await new Promise<void>((resolve) => foreign.listen(base + 8, '127.0.0.1', resolve));
    const { code, failed } = await verify(['--within', '0', place(0), place(8)]);
    await new Promise((resolve) => foreign.close(resolve));
    expect(code).toBe(1);
    expect(failed).toContain(`http://${place(8)}/health: something else answers there`);
    expect(failed).toContain(`PUT http://${place(8)}/data/KEY: 201; the answer is 200 {"status":"ok"}`);
    const value = `"written at http://${place(0)}"`;
    expect(failed).toContain(`GET http://${place(8)}/data/KEY: ${value}; the answer is 200 {"status":"ok"}`);
  });

  it('fails when nodes are missing', async () => {
    const { code, failed } = await verify(['--within', '0', '--nodes', '9', place(0)]);
    expect({ code, failed }).toEqual({
      code: 1,
      failed: [`http://${place(0)}/peers: it sees 2 peers alive, of 8`],
    });
  });

  it('fails when two networks stand where one is meant', async () => {
    const other = await portRange(10);
    cluster.startLauncher({ base: other, nodes: 2, env: { MAX_PORTS: '2' } });
    await untilMesh(portsFrom(other, 2));
    const { code, failed } = await verify(['--within', '0', place(0), `127.0.0.1:${other}`]);
    expect(code).toBe(1);
    expect(failed).toEqual([
      `http://${place(0)}/peers: it does not see the node at http://127.0.0.1:${other}`,
      `http://127.0.0.1:${other}/peers: it does not see the node at http://${place(0)}`,
      expect.stringMatching(`GET http://127.0.0.1:${other}/data/KEY: .*the answer is 404`),
      expect.stringMatching(`GET http://${place(0)}/data/KEY: .*the answer is 404`),
    ]);
  });

  it('fails when writes do not reach a majority, and when a node is alone', async () => {
    const lone = await portRange(10);
    const env = { REPRAM_EXPECTED_HOSTS: '3', MAX_PORTS: '1' };
    cluster.startLauncher({ base: lone, nodes: 1, env });
    await until(async () => (await call(lone, '/health')).status === 200, 'the node runs');
    const { code, failed } = await verify(['--within', '0', `127.0.0.1:${lone}`]);
    expect({ code, failed }).toEqual({
      code: 1,
      failed: [
        `http://127.0.0.1:${lone}/peers: it sees no peer alive`,
        `PUT http://127.0.0.1:${lone}/data/KEY: 201; the answer is 202: fewer than a majority hold it`,
      ],
    });
  });

  it.each([
    [[], 'name at least one HOST'],
    [['--ports'], 'an option lacks its value'],
    [['--ports', '9-8', 'a'], 'not a list of ports'],
    [['--nodes', 'all', 'a'], 'not a number of nodes'],
    [['--within', '-1', 'a'], 'not a number of seconds'],
    [['--nonsense'], 'unknown option'],
    [['1.2.3.4:99999'], 'not a HOST'],
    [['ftp://a'], 'not a HOST'],
    [['::1'], 'not a HOST'],
    [['a/b'], 'not a HOST'],
  ])('ends with 2 and the usage when it cannot be what was meant: %j', async (args, words) => {
    const { code, errors } = await verify(args);
    expect(code).toBe(2);
    expect(errors).toContain(words);
    expect(errors).toContain('flux/verify.sh [options] HOST...');
  });
});
