// Real launchers and node processes for the cluster tests: dist/launcher.js and dist/node.js as
// they ship, on ports of their own. Whatever was started here is killed and seen to be gone after
// each test, or after all tests of a file.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TestProcess } from './test-process';
import { until } from '../basics/until';

const DIST = join(__dirname, '../../../dist');

export type Environment = Readonly<Record<string, string>>;

export interface StartOptions {
  /** First port of the range. */
  readonly base: number;
  /** Over the defaults below. */
  readonly env?: Environment;
  /** What starts the program, for instance a command that enters a namespace. */
  readonly within?: readonly string[];
}

export interface LauncherOptions extends StartOptions {
  readonly nodes?: number;
}

export interface NodeOptions extends StartOptions {
  /** From 1: which port of the range it tries first. */
  readonly index?: number;
  readonly name?: string;
}

export class Cluster {
  private started: TestProcess[] = [];

  startLauncher({ base, nodes = 3, env = {}, within = [] }: LauncherOptions): TestProcess {
    return this.start('launcher.js', within, { ...defaults(base), NODE_COUNT: String(nodes), ...env });
  }

  /** A node process without a launcher. */
  startNode({ base, index = 1, name, env = {}, within = [] }: NodeOptions): TestProcess {
    const place: Environment = index === 1 ? {} : { REPRAM_NODE_INDEXES: String(index) };
    const named: Environment = name === undefined ? {} : { REPRAM_NODE_ID: name };
    return this.start('node.js', within, { ...defaults(base), ...place, ...named, ...env });
  }

  /** Any other program that the test needs for as long as its nodes. */
  run(command: readonly string[], env: Environment = { PATH: process.env.PATH ?? '' }): TestProcess {
    const started = new TestProcess(command, env);
    this.started.push(started);
    return started;
  }

  /** Kills everything that was started, and fails when something is left of it. */
  async cleanUp(): Promise<void> {
    const { started } = this;
    this.started = [];
    for (const each of started) each.killAll();
    await until(() => {
      return started.every((each) => {
        each.killAll();
        return each.survivors().length === 0;
      });
    }, 'no process is left behind');
    await Promise.all(started.map((each) => each.exited));
  }

  private start(script: string, within: readonly string[], env: Environment): TestProcess {
    const path = join(DIST, script);
    if (!existsSync(path)) throw new Error(`dist/${script} is missing: npm run build`);
    return this.run([...within, process.execPath, path], env);
  }
}

function defaults(base: number): Environment {
  return {
    PATH: process.env.PATH ?? '',
    BASE_PORT: String(base),
    REPRAM_BIND_ADDRESS: '127.0.0.1',
    REPRAM_RATE_LIMIT: '0',
  };
}
