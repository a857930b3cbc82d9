// Runs one load against one port: wrk where it is installed, else autocannon. Both in a process of
// their own.
import { join } from 'node:path';
import type { Processes } from '../machine/processes';
import { output } from '../machine/output';
import type { Dialect, Method } from './paths';
import { readWrk, wrkIsInstalled, wrkRun } from './wrk';

export interface LoadOrder {
  readonly method: Method;
  /** `repram` where none is given. */
  readonly dialect?: Dialect;
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  readonly valueBytes: number;
}

export interface LoadResult {
  readonly seconds: number;
  /** Answered with 2xx. */
  readonly answers: number;
  /** Answered otherwise, or not at all. */
  readonly others: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU time of the generator; a whole core means that it was the limit. */
  readonly generatorCpuMs: number;
}

export class LoadGenerator {
  readonly name: 'wrk' | 'autocannon' = wrkIsInstalled() ? 'wrk' : 'autocannon';

  constructor(private readonly processes: Processes) {}

  run(order: LoadOrder): Promise<LoadResult> {
    return this.name === 'wrk' ? this.runWrk(order) : this.runAutocannon(order);
  }

  private async runAutocannon(order: LoadOrder): Promise<LoadResult> {
    const script = join(__dirname, 'generator.ts');
    const { text } = await output(this.processes.startScript(script, [JSON.stringify(order)]));
    return JSON.parse(text) as LoadResult;
  }

  private async runWrk(order: LoadOrder): Promise<LoadResult> {
    const { args, dispose } = wrkRun(order);
    try {
      const { text, lastCpuMs } = await output(this.processes.start({ program: 'wrk', args }));
      return { ...readWrk(text), generatorCpuMs: lastCpuMs };
    } finally {
      dispose();
    }
  }
}
