// The launcher with its nodes, as a person starts it, and when it said that the network had formed.
import { join } from 'node:path';
import { portRange } from '../../support/processes/ports';
import { until } from '../../support/basics/until';
import type { Bench } from '../program';
import { clusterEnvironment } from './cluster';
import { LogReader, type LogLine } from './log-reader';

const FORM_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;

export interface RunningLauncher {
  readonly pid: number;
  readonly ports: readonly number[];
  readonly nodePids: readonly number[];
  /** What it says itself: from the start of its process. */
  readonly durationMs: number;
  /** From the call that started the process until its line was read. */
  readonly outsideMs: number;
  /** Orderly, by SIGTERM. */
  stop(): Promise<void>;
}

/**
 * Resolves when the network has formed; throws after 30 s.
 * @param starter a program that becomes what it is given, and its first arguments; none = no other
 */
export async function startLauncher(
  { options, processes }: Bench,
  size: number,
  env: Readonly<Record<string, string>> = {},
  starter: readonly string[] = [],
): Promise<RunningLauncher> {
  const basePort = await portRange(size);
  const startedAtMs = performance.now();
  const [program, ...args] = [...starter, process.execPath, join(options.dist, 'launcher.js')];
  const child = processes.start({
    program,
    args,
    env: { ...clusterEnvironment(basePort, size), ...env },
  });
  const log = new LogReader(child);
  const formed = await networkFormed(log, size);
  const nodes = formed.fields.nodes as { pid: number; port: number }[];
  return {
    pid: child.pid ?? 0,
    ports: nodes.map(({ port }) => port),
    nodePids: nodes.map(({ pid }) => pid),
    durationMs: Number(formed.fields.duration_ms),
    outsideMs: formed.readAtMs - startedAtMs,
    stop: async () => {
      const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
      child.kill('SIGTERM');
      await until(isGone, 'the launcher to stop', STOP_LIMIT_MS);
    },
  };
}

async function networkFormed(log: LogReader, size: number): Promise<LogLine> {
  const lines = await until(
    () => {
      log.assertRunning();
      const found = log.all('network-formed').filter(isLaunchers);
      return found.length > 0 ? found : null;
    },
    `a launcher with ${size} nodes to form its network`,
    FORM_LIMIT_MS,
  );
  return (lines ?? [])[0];
}

/** The nodes' lines of that name come through the same output and have no duration. */
function isLaunchers({ fields }: LogLine): boolean {
  return typeof fields.duration_ms === 'number';
}
