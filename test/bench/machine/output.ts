// What a process printed until it ended, and the CPU time it took.
import type { ChildProcess } from 'node:child_process';
import { cpuMs } from './proc-files';

const WATCH_MS = 100;

export interface Output {
  readonly text: string;
  /** As last seen before it ended. */
  readonly lastCpuMs: number;
}

/** Rejects when it ended with anything but 0. */
export function output(child: ChildProcess): Promise<Output> {
  return new Promise((resolve, reject) => {
    let text = '';
    let errors = '';
    let lastCpuMs = 0;
    const watch = setInterval(() => {
      try {
        lastCpuMs = cpuMs(child.pid ?? 0);
      } catch {
        // It has ended.
      }
    }, WATCH_MS);
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ text, lastCpuMs });
      else reject(new Error(`a process ended with ${code ?? 'a signal'}: ${errors}`));
    });
  });
}
