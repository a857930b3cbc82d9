// Starts processes for a measurement and makes sure that none outlives it: each is the leader of a
// process group of its own, and the whole group is killed when the measurement ends, fails, or is
// interrupted.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export const PROJECT = join(__dirname, '..', '..', '..');

export interface StartOptions {
  /** Arguments of node: a script and what it is given. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Another program than node. */
  readonly program?: string;
}

export class Processes {
  private readonly groups = new Set<number>();

  /** Standard output and error are pipes. */
  start({ args, env = {}, program = process.execPath }: StartOptions): ChildProcess {
    const child = spawn(program, args, {
      cwd: PROJECT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { pid } = child;
    if (pid === undefined) return child;
    this.groups.add(pid);
    child.once('exit', () => this.endGroup(pid));
    return child;
  }

  /** Runs a script of the benches itself. */
  startScript(file: string, given: readonly string[]): ChildProcess {
    return this.start({ args: [join(PROJECT, 'scripts', 'run-ts.cjs'), file, ...given] });
  }

  killAll(): void {
    for (const pid of this.groups) this.endGroup(pid);
  }

  /** Whoever is left of the group; also nodes of a launcher that is gone. */
  private endGroup(pid: number): void {
    this.groups.delete(pid);
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nobody is left.
    }
  }
}
