// docker-compose.valkey.yml without containers: its commands make a Cluster, and nodes with the
// address that is there reach it. Names of services are names of this host here, and ports differ.
// With servers of its own: those that the file starts.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readProjectFile } from '../architecture/project-files';
import { until } from '../support/basics/until';
import { portRange } from '../support/processes/ports';
import { CLIENT_PROGRAM, SERVER_PROGRAM } from '../support/redis/redis-server';
import { openTestStore } from '../support/redis/store-engine';
import { describeWithRedis } from '../support/redis/with-redis';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const { text } = readProjectFile('docker-compose.valkey.yml');
const { services } = parse(text, { merge: true }) as { readonly services: Record<string, Service> };
const servers = Object.keys(services).filter((name) => /^valkey-\d$/.test(name));
/** What the image runs it as, where the file does not say it. */
const ROOT = 'root';

/** The servers of the file, on ports of this host. */
class Scene {
  private readonly folder = mkdtempSync(join(tmpdir(), 'repram-compose-'));
  private readonly children: ChildProcess[] = [];
  private first = 0;

  async start(): Promise<void> {
    this.first = await portRange(2 * servers.length);
    for (const name of servers) {
      const [, ...options] = services[name].command;
      const port = this.portOf(name);
      const place = ['--port', String(port), '--cluster-port', String(port + servers.length)];
      const files = ['--cluster-config-file', join(this.folder, name), '--dir', this.folder];
      const all = [...options, ...place, ...files, '--bind', '127.0.0.1'];
      this.children.push(spawn(SERVER_PROGRAM ?? '', all, { stdio: 'ignore' }));
    }
    for (const name of servers) await until(() => this.call(name, 'PING') === 'PONG', `${name} answers`);
  }

  stop(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a server answers to a command. */
  call(name: string, ...words: readonly string[]): string {
    const all = ['-p', String(this.portOf(name)), ...words];
    return spawnSync(CLIENT_PROGRAM, all, { encoding: 'utf8' }).stdout.trim();
  }

  /** A command of the file, or an address, as it is on this host. */
  here(text: string): string {
    return text
      .replaceAll('valkey-cli', CLIENT_PROGRAM)
      .replaceAll(/-h (valkey-\d)/g, (_, name: string) => `-h localhost -p ${this.portOf(name)}`)
      .replaceAll(/(valkey-\d):6379/g, (_, name: string) => `localhost:${this.portOf(name)}`);
  }

  private portOf(name: string): number {
    return this.first + servers.indexOf(name);
  }
}

describeWithRedis('docker-compose.valkey.yml', () => {
  const scene = new Scene();
  beforeAll(() => scene.start());
  afterAll(() => scene.stop());

  it('starts servers that are what their options say', () => {
    const options = ['cluster-enabled', 'cluster-node-timeout', 'maxmemory-policy', 'save', 'appendonly'];
    const values = options.map(
      (option) => scene.call('valkey-6', 'CONFIG', 'GET', option).split('\n')[1] ?? '',
    );
    expect(values).toEqual(['yes', '5000', 'noeviction', '', 'no']);
    expect(scene.call('valkey-6', 'CONFIG', 'GET', 'maxmemory')).toContain(String(256 * 1024 * 1024));
  });

  it('makes the Cluster with the command of its service, once', async () => {
    const [shell, option, script] = services.cluster.command;
    const run = (): { readonly status: number | null; readonly stdout: string } =>
      spawnSync(shell, [option, scene.here(script)], { encoding: 'utf8' });
    const made = run();
    expect(made.stdout).toContain('All 16384 slots covered');
    expect(made.status).toBe(0);
    const isWhole = (): boolean => scene.call('valkey-1', 'CLUSTER', 'INFO').includes('cluster_state:ok');
    await until(isWhole, 'the Cluster is whole');
    expect(run()).toMatchObject({ status: 0, stdout: '' });
  });

  it('gives the nodes an address at which they reach it', async () => {
    const { REPRAM_STORE_URL: url } = services.repram.environment;
    const { engine, close } = openTestStore(scene.here(url));
    await until(() => engine.state() === 'ready', 'the engine reaches the Cluster');
    expect(engine.about().primaries).toHaveLength(3);
    close();
  });

  it('starts no server as root that has no right to become another user', () => {
    for (const name of servers) {
      const { cap_drop: dropped = [], user = ROOT } = services[name];
      expect([dropped, user]).toEqual([['ALL'], 'valkey']);
    }
  });
});
