// The command line as somebody types it: one run of dist/cli.js, what it wrote and how it ended. It
// is killed when it does not end by itself.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(__dirname, '../../../dist/cli.js');
const LIMIT_MS = 30_000;

export interface Typed {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output. */
  readonly bytes: Buffer;
  readonly out: string;
  readonly errors: string;
}

export interface TypingOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
  /** In place of `node dist/cli.js`. */
  readonly program?: readonly string[];
  readonly cwd?: string;
  /** Whoever types goes on: standard input stays open. */
  readonly keepsInput?: boolean;
}

export interface Typing {
  readonly child: ChildProcess;
  /** Standard output so far. */
  readonly out: () => string;
  readonly errors: () => string;
  readonly ended: Promise<Typed>;
}

/** Starts it and goes on at once. */
export function startTyping(args: readonly string[], options: TypingOptions = {}): Typing {
  const { env = {}, stdin, keepsInput = false, program = [process.execPath, CLI], cwd } = options;
  const [file, ...before] = program;
  const child = spawn(file, [...before, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => errors.push(part));
  child.stdin.on('error', () => undefined);
  if (!keepsInput) child.stdin.end(stdin ?? '');
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString();
  const ended = new Promise<Typed>((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal, bytes: Buffer.concat(out), out: text(out), errors: text(errors) });
    });
  });
  return { child, out: () => text(out), errors: () => text(errors), ended };
}

/** `type(['get', 'key'])`: runs it to its end. */
export function type(args: readonly string[], options: TypingOptions = {}): Promise<Typed> {
  return startTyping(args, options).ended;
}
