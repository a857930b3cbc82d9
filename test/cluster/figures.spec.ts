// A node goes on where the system tells it nothing of itself: figures are missing, answers are not.
import { spawnSync } from 'node:child_process';
import { Agent } from 'node:http';
import { call, portsFrom, put, read, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';

const WITHOUT_PROC = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$0" "$@"'];
const FIGURES = ['/health', '/health/ready', '/status', '/metrics', '/peers'];

function procProblem(): string | null {
  const { status, stderr, error } = spawnSync(WITHOUT_PROC[0], [...WITHOUT_PROC.slice(1), 'true'], {
    encoding: 'utf8',
  });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}

/** How many descriptors the process may have from now on. What is open stays open. */
function allowDescriptors(pid: number, count: number): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--nofile=${count}:`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

function prlimitProblem(): string | null {
  return spawnSync('prlimit', ['--version']).error?.message ?? null;
}

function json(body: Buffer): Record<string, unknown> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

describe('a network', () => {
  const cluster = new Cluster();

  afterEach(() => cluster.cleanUp());

  possibleWith('mount namespace', procProblem())(
    'without /proc tells all but what it cannot know',
    async () => {
      const base = await portRange(10);
      cluster.startLauncher({ base, nodes: 2, within: WITHOUT_PROC });
      const ports = portsFrom(base, 2);
      await untilMesh(ports);
      for (const path of FIGURES) expect([path, (await call(base, path)).status]).toEqual([path, 200]);
      const { memory } = json((await call(base, '/status')).body);
      expect(memory).toMatchObject({ rss: null, heap_used: expect.any(Number) as number });
      const metrics = (await call(base, '/metrics')).body.toString();
      expect(metrics).not.toContain('kind="rss"');
      expect(metrics).toContain('kind="heap_used"');
      expect((await put(ports[0], 'in', 'the dark')).status).toBe(201);
      expect(await read(ports[1], 'in')).toBe('200 the dark');
    },
  );

  possibleWith('prlimit(1)', prlimitProblem())(
    'of a node that has no descriptor left answers those who are connected, and all others once it has',
    async () => {
      const base = await portRange(10);
      const node = cluster.startNode({ base });
      await until(() => viewOf(base), 'the node answers', 60_000);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      expect((await call(base, '/health', { agent })).status).toBe(200);
      // The client of Prometheus is loaded by the first scrape.
      expect((await call(base, '/metrics', { agent })).status).toBe(200);
      allowDescriptors(node.pid, 3);
      await expect(call(base, '/health', { limitMs: 1000 })).rejects.toThrow();
      for (const path of FIGURES)
        expect([path, (await call(base, path, { agent })).status]).toEqual([path, 200]);
      const refused = await call(base, '/openapi.json', { agent });
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
      allowDescriptors(node.pid, 1000);
      await until(() => viewOf(base), 'others get in again');
      agent.destroy();
      expect(node.errors).toBe('');
    },
  );
});
