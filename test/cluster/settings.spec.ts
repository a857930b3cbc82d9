// What the launcher makes of its environment: the plan's own block works as it stands, mistakes are
// refused with reasons.
import { join } from 'node:path';
import { portsFrom, put, read, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import type { Environment } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

/** All that the plan sets but BASE_PORT. */
const PLAN: Environment = {
  DISCOVERY_DOMAIN: 'fade.repram.io',
  NODE_COUNT: '3',
  MAX_PORTS: '10',
  REPLICATION_FACTOR: '3',
  REPRAM_CLEANUP_INTERVAL: '30',
  REPRAM_RATE_LIMIT: '100',
};
const SET_CLOCK = join(__dirname, '../support/platform/set-clock.cjs');
const DEAF_RESOLVER = join(__dirname, '../support/platform/deaf-resolver.cjs');

describe('the launcher', () => {
  const cluster = new Cluster();

  afterEach(() => cluster.cleanUp());

  async function refused(env: Environment): Promise<string> {
    const launcher = cluster.startLauncher({ base: await portRange(10), env });
    expect(await launcher.exited).toEqual({ code: 2, signal: null });
    expect(launcher.lines).toEqual([]);
    expect(launcher.otherOutput).toEqual([]);
    expect(launcher.errors).not.toMatch(/\n\s+at |node:internal/);
    return launcher.errors;
  }

  it("forms a network with the plan's environment, although its domain does not resolve", async () => {
    const base = await portRange(10);
    const launcher = cluster.startLauncher({ base, env: PLAN });
    await untilMesh(portsFrom(base, 3));
    expect((await put(base, 'test', 'as planned')).headers['x-repram-acks']).toBe('3/3');
    for (const port of portsFrom(base, 3)) expect(await read(port, 'test')).toBe('200 as planned');
    expect(launcher.errors).toBe('');
    expect(launcher.lines.filter((line) => line.level !== 'info')).toEqual([]);
  });

  it("forms a network with the plan's environment while the resolver hangs", async () => {
    const base = await portRange(10);
    const env = { ...PLAN, NODE_OPTIONS: `--require ${DEAF_RESOLVER}` };
    const launcher = cluster.startLauncher({ base, env });
    await untilMesh(portsFrom(base, 3));
    expect((await put(base, 'test', 'in silence')).status).toBe(201);
    for (const port of portsFrom(base, 3)) expect(await read(port, 'test')).toBe('200 in silence');
    await until(() => launcher.errors.split('asked for fade.repram.io').length > 3, 'all nodes have asked');
  });

  it('refuses more nodes than there are ports, and says why', async () => {
    const errors = await refused({ NODE_COUNT: '11', MAX_PORTS: '10' });
    expect(errors).toContain('NODE_COUNT: "11"');
    expect(errors).toContain('at most MAX_PORTS (10)');
  });

  it('reports all bad variables at once, each with what was given and what is allowed', async () => {
    const errors = await refused({
      BASE_PORT: 'eight',
      REPLICATION_FACTOR: '0',
      REPRAM_PEERS: 'no-port',
      REPRAM_ISOLATION: 'some',
      REPRAM_MIN_TTL: '500',
      REPRAM_MAX_TTL: '400',
    });
    for (const [variable, given] of [
      ['BASE_PORT', 'eight'],
      ['REPLICATION_FACTOR', '0'],
      ['REPRAM_PEERS', 'no-port'],
      ['REPRAM_ISOLATION', 'some'],
      ['REPRAM_MIN_TTL', '500'],
    ]) {
      expect(errors).toMatch(new RegExp(`${variable}: "${given}"\\n +allowed: \\S`));
    }
  });

  it.each(['startLauncher', 'startNode'] as const)(
    'refuses to start while the clock shows what no write can be stamped with (%s)',
    async (start) => {
      const clock = { NODE_OPTIONS: `--require ${SET_CLOCK}`, SET_CLOCK_MS: String(Date.UTC(2150, 0, 1)) };
      const started = cluster[start]({ base: await portRange(10), env: clock });
      expect(await started.exited).toEqual({ code: 1, signal: null });
      expect(started.lines).toEqual([]);
      expect(started.errors).toMatch(
        /^REPRAM did not start: the system clock shows 2150-01-01T.* 2109-.*\n$/,
      );
    },
  );

  it('warns of an unknown variable with the nearest known name, and starts nonetheless', async () => {
    const base = await portRange(10);
    const launcher = cluster.startLauncher({ base, nodes: 1, env: { REPRAM_PEER: 'a:1' } });
    await untilMesh([base]);
    const warnings = launcher.lines.filter((line) => line.level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0].detail).toMatch(/REPRAM_PEER\b.*REPRAM_PEERS/);
  });
});
