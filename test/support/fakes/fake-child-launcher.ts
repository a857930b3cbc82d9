// The real launcher as it was built, with the fake child in the place of node.js beside it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
export const FAKE_CHILD = join(__dirname, 'fake-child.cjs');

export interface LauncherUnderTest {
  readonly process: ChildProcess;
  /** Everything written so far. */
  output(): string;
  errors(): string;
  /** The JSON lines written so far that name this event. */
  events(event: string): Record<string, unknown>[];
  /** Resolves when the launcher is gone. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** A directory of its own for a test file, inside the project so that packages are found. */
export function temporaryDirectory(): string {
  const parent = join(ROOT, '.cache');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'launcher-'));
}

/** Puts the launcher as it was built into `directory`, and the fake child beside it. */
export function placeLauncher(directory: string): void {
  copyFileSync(join(ROOT, 'dist', 'launcher.js'), join(directory, 'launcher.js'));
  copyFileSync(FAKE_CHILD, join(directory, 'node.js'));
}

/**
 * Starts this launcher as leader of a process group of its own, with an empty record of its
 * children.
 */
export function startLauncher(directory: string, env: Record<string, string> = {}): LauncherUnderTest {
  rmSync(join(directory, 'children'), { recursive: true, force: true });
  mkdirSync(join(directory, 'children'));
  const child = spawn(process.execPath, [join(directory, 'launcher.js')], {
    detached: true,
    env: { PATH: process.env.PATH, FAKE_CHILD_DIR: join(directory, 'children'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    events: (event) => jsonLines(output).filter((line) => line.event === event),
    exited: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
  };
}

function jsonLines(output: string): Record<string, unknown>[] {
  const whole = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
  return whole
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Process ids of all children that the fake child's record in `directory` names. */
export function recordedPids(directory: string): number[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => {
    return readFileSync(join(directory, file), 'utf8').trim().split('\n').map(Number);
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
