// One process started by a test, with everything it started itself: what it wrote, how it ended,
// and who is left of it. It leads a process group of its own, so that signals can go to the whole
// tree as a terminal's Ctrl-C does.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** A line of the log: `event`, and the facts of the transition. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class TestProcess {
  /** The lines of standard output, in order. */
  readonly lines: LogLine[] = [];
  /** What was written to standard output and is no line of a log. */
  readonly otherOutput: string[] = [];
  /** Resolves when the process is gone and its output read. */
  readonly exited: Promise<Ending>;
  private readonly child: ChildProcess;
  private unread = '';
  private errorText = '';

  constructor(command: readonly string[], env: Readonly<Record<string, string | undefined>>) {
    const [file, ...args] = command;
    this.child = spawn(file, args, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.read(chunk.toString());
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errorText += chunk.toString()));
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
      });
      this.child.once('error', () => {
        resolve({ code: null, signal: null });
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process did not start');
    return this.child.pid;
  }

  /** Standard error so far. */
  get errors(): string {
    return this.errorText;
  }

  /** The lines of one event; with `facts`, those that agree with all of them. */
  events(event: string, facts: Readonly<Record<string, unknown>> = {}): LogLine[] {
    return this.lines.filter((line) => {
      return line.event === event && Object.entries(facts).every(([name, value]) => line[name] === value);
    });
  }

  /** To the process alone. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** To the process and everything it started, as Ctrl-C on a terminal does. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** Process ids of the group that are still running; a zombie is not. */
  survivors(): number[] {
    return this.child.pid === undefined ? [] : groupMembers(this.child.pid);
  }

  killAll(): void {
    if (this.survivors().length > 0) this.signalGroup('SIGKILL');
  }

  private read(text: string): void {
    const whole = (this.unread + text).split('\n');
    this.unread = whole.pop() ?? '';
    for (const line of whole) {
      const parsed = parseLine(line);
      if (parsed === null) this.otherOutput.push(line);
      else this.lines.push(parsed);
    }
  }
}

function parseLine(line: string): LogLine | null {
  try {
    const parsed = JSON.parse(line) as LogLine;
    return typeof parsed.event === 'string' ? parsed : null;
  } catch {
    return null;
  }
}

/** Process ids of a group that are still running; a zombie is not. */
export function groupMembers(groupId: number): number[] {
  if (!existsSync('/proc/self/stat')) return isThere(-groupId) ? [groupId] : [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [state, , group] = statFields(pid);
      return Number(group) === groupId && state !== 'Z' && state !== 'X';
    });
}

/** State, parent and process group, as proc(5) tells them behind the name in parentheses. */
function statFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return ['X'];
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
