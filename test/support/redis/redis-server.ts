// Real servers for tests, on loopback, each with a folder of its own and nothing on disk that
// matters. Redis or Valkey, whichever is installed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../basics/until';

const PROGRAMS = ['redis-server', 'valkey-server'];

/** Null where neither is installed. */
export const SERVER_PROGRAM: string | null =
  PROGRAMS.find((name) => spawnSync(name, ['--version']).status === 0) ?? null;

export const CLIENT_PROGRAM = SERVER_PROGRAM?.replace('-server', '-cli') ?? 'redis-cli';

export class RedisServer {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Resolves when it answers. */
  static async start(port: number, ...options: readonly string[]): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'repram-redis-'));
    const basics = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const nothingKept = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning'];
    const all = [...withSecretsInFile(folder, options), ...basics, ...nothingKept];
    const child = spawn(SERVER_PROGRAM ?? PROGRAMS[0], all, { stdio: 'ignore' });
    const server = new RedisServer(port, child, folder, clientEnv(options));
    await until(() => server.call('PING') === 'PONG', `a server answers on port ${port}`);
    return server;
  }

  /** What the server answers to a command. */
  call(...args: readonly string[]): string {
    const { env } = this;
    const words = ['-p', String(this.port), ...args];
    return spawnSync(CLIENT_PROGRAM, words, { encoding: 'utf8', env }).stdout.trim();
  }

  /** SIGSTOP hangs it, SIGCONT lets it go on, SIGKILL is its end. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (this.isRunning) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const SECRETS = ['--requirepass', '--masterauth'];

/**
 * Valkey 8.1 refuses words of a command line that have quotation marks and end with a backslash.
 */
function withSecretsInFile(folder: string, options: readonly string[]): string[] {
  const isSecret = (at: number): boolean => SECRETS.includes(options[at] ?? '');
  const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  const lines = options.flatMap((word, at) =>
    isSecret(at) ? `${word.slice(2)} ${quoted(options[at + 1])}\n` : [],
  );
  const file = join(folder, 'secrets.conf');
  writeFileSync(file, lines.join(''));
  return [file, ...options.filter((_, at) => !isSecret(at) && !isSecret(at - 1))];
}

/** The command line client takes the password of such a server from its environment. */
export function clientEnv(options: readonly string[]): NodeJS.ProcessEnv {
  const at = options.indexOf('--requirepass');
  return at < 0
    ? process.env
    : { ...process.env, REDISCLI_AUTH: options[at + 1], VALKEYCLI_AUTH: options[at + 1] };
}

/** Runs the command line client with these words, and returns what it printed. */
export function redisCli(args: readonly string[], env = process.env): string {
  const { stdout, stderr, status } = spawnSync(CLIENT_PROGRAM, [...args], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** The same, while this process goes on. */
export async function runRedisCli(...args: readonly string[]): Promise<void> {
  const child = spawn(CLIENT_PROGRAM, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => printed.push(part));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')}: ${Buffer.concat(printed).toString()}`);
}
