// `repram doctor` finds what is wrong between real nodes, and says what to do.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { until } from '../support/basics/until';
import { call } from '../support/http/calls';
import { MockPlatform } from '../support/platform/mock-platform';
import { Cluster, type Environment } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';
import { type } from '../support/processes/typed';

interface Finding {
  readonly check: string;
  readonly verdict: 'ok' | 'warning' | 'problem' | 'skipped';
  readonly sentence: string;
  readonly advice: string;
}

interface Diagnosis {
  readonly code: number | null;
  readonly findings: readonly Finding[];
}

const SET_CLOCK = join(__dirname, '../support/platform/set-clock.cjs');

function hostOf(env: Environment): string {
  return 'REPRAM_BIND_ADDRESS' in env ? env.REPRAM_BIND_ADDRESS : '127.0.0.1';
}

async function untilHealthy(place: string): Promise<void> {
  await until(async () => (await call(place, '/health')).status === 200, `${place} is healthy`);
}

describe('the doctor', () => {
  const cluster = new Cluster();
  afterEach(() => cluster.cleanUp());

  /** Starts nodes of these environments on successive ports of one range, and waits for each. */
  async function startNodes(...environments: readonly Environment[]): Promise<TestProcess[]> {
    base = await portRange(environments.length + 1);
    const count = String(environments.length);
    const nodes = environments.map((env, position) =>
      cluster.startNode({
        base,
        index: position + 1,
        name: `node-${position + 1}`,
        env: { MAX_PORTS: count, NODE_COUNT: count, ...env },
      }),
    );
    places = environments.map((env, position) => `${hostOf(env)}:${base + position}`);
    await Promise.all(places.map(untilHealthy));
    return nodes;
  }
  let base = 0;
  let places: string[] = [];

  async function diagnose(env: Environment = {}, nodes = places): Promise<Diagnosis> {
    const { code, out, errors } = await type(['doctor', '--json', '--node', nodes.join(',')], { env });
    expect(errors).toBe('');
    return { code, ...(JSON.parse(out) as { findings: Finding[] }) };
  }

  const problems = ({ findings }: Diagnosis, check: string): string[] =>
    findings
      .filter((finding) => finding.check === check && finding.verdict === 'problem')
      .map(({ sentence, advice }) => `${sentence} -> ${advice}`);

  async function untilProblems(check: string, count: number): Promise<Diagnosis> {
    let found = await diagnose();
    await until(async () => {
      found = await diagnose();
      return problems(found, check).length >= count;
    }, `the doctor finds ${count} of ${check}`);
    return found;
  }

  it('tells clusters apart', async () => {
    await startNodes({ REPRAM_CLUSTER: 'one' }, { REPRAM_CLUSTER: 'two' });
    const found = await diagnose({ REPRAM_CLUSTER: 'one' });
    expect(found.code).toBe(1);
    expect(problems(found, 'cluster')).toEqual([
      expect.stringMatching(
        /^There are 2 clusters: node-1 .* of "one" and node-2\S* .* of "two"\. .* -> Set the same REPRAM_CLUSTER /,
      ),
    ]);
    const own = await diagnose({ REPRAM_CLUSTER: 'three' }, [places[0]]);
    expect(problems(own, 'cluster')[0]).toContain(
      'of cluster "one", and this environment says REPRAM_CLUSTER=three',
    );
  });

  it('finds a secret that only some have', async () => {
    await startNodes({ REPRAM_CLUSTER_SECRET: 'a secret of some length 1' }, {});
    const found = await diagnose();
    expect(found.code).toBe(1);
    expect(problems(found, 'secret')).toEqual([
      expect.stringMatching(
        /^node-1 .* has a secret, node-2\S* .* has none\. They refuse each other\. -> Set the same REPRAM_CLUSTER_SECRET /,
      ),
    ]);
    expect(problems(found, 'sight')[0]).toContain('do not see each other: only one of them has a secret');
  });

  it('finds secrets that differ', async () => {
    await startNodes(
      { REPRAM_CLUSTER_SECRET: 'a secret of some length 1' },
      { REPRAM_CLUSTER_SECRET: 'a secret of some length 2' },
    );
    const found = await untilProblems('secret', 1);
    expect(problems(found, 'secret')[0]).toMatch(
      /^Proofs of the secret failed at node-\d .* -> Compare REPRAM_CLUSTER_SECRET/,
    );
  });

  it('finds ranges of ports that do not meet', async () => {
    base = await portRange(3);
    const [one, other] = [String(base), String(base + 2)];
    places = [`127.0.0.1:${one}`, `127.0.0.1:${other}`];
    cluster.startNode({ base, env: { BASE_PORT: one, MAX_PORTS: '1', NODE_COUNT: '1' } });
    cluster.startNode({ base, env: { BASE_PORT: other, MAX_PORTS: '1', NODE_COUNT: '1' } });
    await Promise.all(places.map(untilHealthy));
    const found = await diagnose();
    expect(problems(found, 'sight')[0]).toMatch(
      /do not see each other: they look for nodes on ports (\d+)-\1 and (\d+)-\2, and neither .* -> Give both the same BASE_PORT/,
    );
  });

  it('finds hosts that were never told of each other, and one that others cannot reach', async () => {
    await startNodes({ REPRAM_BIND_ADDRESS: '127.0.0.2' }, { REPRAM_BIND_ADDRESS: '127.0.0.3' }, {});
    const found = problems(await diagnose(), 'sight').join('\n');
    expect(found).toMatch(
      /node-1 .* and node-2\S* .* neither was told of the other\. -> Name one in REPRAM_PEERS/,
    );
    expect(found).toMatch(/node-3\S* .* is bound to 127\.0\.0\.1, which other hosts cannot reach/);
  });

  it('tries the peers and names that nodes were given', async () => {
    const nowhere = '127.0.0.1:1';
    await startNodes({ REPRAM_PEERS: nowhere, DISCOVERY_DOMAIN: 'nodes.invalid' });
    const found = await diagnose();
    expect(problems(found, 'peers')).toEqual([
      expect.stringMatching(
        /^REPRAM_PEERS names 127\.0\.0\.1:1, and no node answers there\. -> Look at the address/,
      ),
    ]);
    expect(problems(found, 'dns')).toEqual([
      expect.stringMatching(
        /^The name nodes\.invalid has no address here\. -> Look at the spelling of DISCOVERY_DOMAIN/,
      ),
    ]);
    const other = await diagnose({ REPRAM_CLUSTER: 'other', REPRAM_PEERS: places[0] });
    expect(problems(other, 'peers')[0]).toContain(
      'where a node of the cluster "repram" answers, not "other"',
    );
  });

  it('finds clocks that differ', async () => {
    const ahead = { NODE_OPTIONS: `--require ${SET_CLOCK}`, SET_CLOCK_MS: String(Date.now() + 60_000) };
    await startNodes({}, ahead);
    expect(problems(await diagnose(), 'clock')[0]).toMatch(
      /^The clock of node-2\S* .* is \d.* ahead of that of node-1 .* -> Run a time service/,
    );
  });

  it('finds a node that hangs, and one that is gone', async () => {
    const nodes = await startNodes({}, {}, {});
    await until(async () => (await diagnose()).code === 0, 'the network is well');
    nodes[1].signal('SIGSTOP');
    nodes[2].signal('SIGKILL');
    const found = await untilProblems('sight', 2);
    const told = problems(found, 'sight').join('\n');
    expect(told).toMatch(/node-1 .* calls node-2\S* .* (?:suspect|dead): it does not answer there/);
    expect(told).toMatch(/node-1 .* calls node-3\S* .* (?:suspect|dead): it does not answer there/);
    const ports = problems(found, 'ports').join('\n');
    expect(ports).toContain(`${places[1]} does not answer. -> Open the port in the firewall`);
    expect(ports).toContain(`Nothing listens at ${places[2]}. -> Start a node there`);
  });

  it('finds a node that is nearly full', async () => {
    await startNodes({ REPRAM_MAX_STORAGE_MB: '1', REPRAM_CLIENT_QUOTA: '0' });
    const before = await diagnose();
    expect([before.code, problems(before, 'state')]).toEqual([0, []]);
    const body = Buffer.alloc(980_000, 'x');
    expect((await call(places[0], '/data/large', { method: 'PUT', body })).status).toBe(201);
    const found = await diagnose();
    expect(found.code).toBe(1);
    expect(problems(found, 'state')).toEqual([
      expect.stringMatching(
        /^node-1 .* uses 980 kB of 1\.0 MB\. -> Give it more memory .* or shorter TTLs\.$/,
      ),
    ]);
  });

  it('says who else answers on a port, and where nobody does', async () => {
    const port = await portRange(2);
    const server = createServer((_request, response) => response.end('else'));
    await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
    try {
      const foreign = await diagnose({}, [`127.0.0.1:${port}`]);
      expect(problems(foreign, 'ports')).toEqual([
        `Another program answers at 127.0.0.1:${port} (HTTP 200). -> Name a port where a node listens.`,
      ]);
      const unnamed = await type(['doctor'], {
        env: { BASE_PORT: String(port + 1), MAX_PORTS: '1', NODE_COUNT: '1' },
      });
      expect(unnamed.code).toBe(1);
      expect(unnamed.out).toMatch(
        /^FAIL {2}ports {5}No node answers at \S+\n {16}-> Start some with repram start/m,
      );
      expect(unnamed.out.trimEnd().split('\n').at(-1)).toBe('1 problem, 0 warnings.');
    } finally {
      server.close();
    }
  });

  it('reads the settings of its environment as a node would', async () => {
    const found = await diagnose({ BASE_PORT: '99999' }, ['127.0.0.1:1']);
    expect(problems(found, 'settings')).toEqual([
      expect.stringMatching(
        /^BASE_PORT is "99999", so no node starts with it\. -> Set it to what is allowed: /,
      ),
    ]);
  });

  it('asks the Flux API, and the instances that it lists', async () => {
    const platform = new MockPlatform();
    const url = await platform.listen();
    try {
      await startNodes({});
      const env = { APP_NAME: 'app', FLUX_API_URL: url, REPRAM_ADVERTISE_PORTS: `8081:${base}` };
      platform.rows = ['127.0.0.1:16127'];
      const well = await diagnose(env);
      expect(problems(well, 'flux')).toEqual([]);
      expect(well.findings.map(({ sentence }) => sentence)).toContain(
        `The Flux API at ${url} lists "app" on 127.0.0.1.`,
      );
      platform.rows = [];
      expect(problems(await diagnose(env), 'flux')[0]).toContain(
        'knows no instance of "app". -> Compare APP_NAME',
      );
      platform.mood = 'error';
      expect(problems(await diagnose(env), 'flux')[0]).toContain('does not answer what was asked (HTTP 200)');
      platform.rows = ['127.0.0.9:16127'];
      platform.mood = 'well';
      expect(problems(await diagnose(env), 'flux')[0]).toContain(
        'No node answers from here on 127.0.0.9, ports',
      );
    } finally {
      await platform.close();
    }
  });
});
