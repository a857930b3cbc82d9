// Limits that a shell or a service manager sets for each process: ulimit -v and ulimit -d.
import { execFileSync } from 'node:child_process';
import { call, portsFrom, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';

const MB = 1_048_576;
const cluster = new Cluster();
afterEach(() => cluster.cleanUp());

/** Megabytes that Node.js has taken by its first line, with one heap for all threads. */
function takenMegabytes(field: 'VmSize' | 'VmData'): number {
  const print = 'process.stdout.write(require("fs").readFileSync("/proc/self/status", "utf8"))';
  const env = { ...process.env, MALLOC_ARENA_MAX: '1', NODE_OPTIONS: '' };
  const status = execFileSync(process.execPath, ['-e', print], { env, encoding: 'utf8' });
  return Math.ceil(Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1]) / 1024);
}

function limited(flag: string, megabytes: number): readonly string[] {
  return ['sh', '-c', `ulimit ${flag} ${megabytes * 1024}; exec "$@"`, 'sh'];
}

describe.each([
  ['-v', 'VmSize'],
  ['-d', 'VmData'],
] as const)('ulimit %s', (flag, field) => {
  it('is what the storage is planned by: full nodes answer 507, and lose nothing', async () => {
    const base = await portRange(10);
    const within = limited(flag, takenMegabytes(field) + 260);
    const launcher = cluster.startLauncher({ base, within, env: { REPRAM_CLIENT_QUOTA: '0' } });
    const ports = portsFrom(base, 3);
    await untilMesh(ports);
    const [starting] = launcher.events('starting');
    expect(starting).toMatchObject({ limit_source: `ulimit ${flag}` });

    const body = Buffer.alloc(9 * MB, 'x');
    const stored: string[] = [];
    const statuses = new Set<number>();
    const writes = Math.ceil((Number(starting.storage_mb_per_node) / 9) * 1.5);
    for (let index = 0; index < writes; index += 1) {
      const path = `/data/large-${index}`;
      const { status } = await call(ports[index % 3], `${path}?ttl=600`, { method: 'PUT', body });
      statuses.add(status);
      if (status === 201) stored.push(path);
    }
    expect(stored.length).toBeGreaterThan(5);
    expect([...statuses].sort()).toEqual([201, 507]);
    for (const path of stored) expect((await call(ports[0], path)).body).toHaveLength(9 * MB);
    expect(launcher.events('node-exited')).toEqual([]);
  });

  it('stops the start where a single upload could end a node', async () => {
    const within = limited(flag, takenMegabytes(field) + 100);
    const launcher = cluster.startLauncher({ base: await portRange(10), within });
    expect(await launcher.exited).toMatchObject({ code: 2 });
    expect(launcher.errors).toMatch(`ulimit ${flag}: `);
    expect(launcher.errors).toMatch(/unlimited, or at least \d+ kB/);
  });
});
