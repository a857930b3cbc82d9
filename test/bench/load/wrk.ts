// The load generator wrk (github.com/wg/wrk) where it is installed: it costs a fraction of the CPU
// that autocannon does.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadOrder, LoadResult } from './load';
import { benchKeys, benchPaths } from './paths';

const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

export function wrkIsInstalled(): boolean {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // It exits with 1 after telling its version.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

export interface WrkRun {
  readonly args: readonly string[];
  /** Removes the script that wrk was given. */
  readonly dispose: () => void;
}

export function wrkRun(order: LoadOrder): WrkRun {
  const folder = mkdtempSync(join(tmpdir(), 'repram-bench-'));
  const script = join(folder, 'request.lua');
  writeFileSync(script, requestScript(order));
  const { port, connections, seconds } = order;
  const url = `http://127.0.0.1:${port}`;
  return {
    args: ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url],
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * All requests are made before the first is sent: to make a large one costs more than to send it.
 */
function requestScript({ method, dialect, valueBytes }: LoadOrder): string {
  const body = method === 'PUT' ? `string.rep("v", ${valueBytes})` : 'nil';
  const paths = benchPaths(method, benchKeys(valueBytes), dialect);
  return `local paths, requests, i = {${paths.map((path) => `"${path}"`).join(', ')}}, {}, 0
function init(args)
  local body = ${body}
  for key, path in ipairs(paths) do
    requests[key] = wrk.format("${method}", path, nil, body)
  end
end
function request()
  i = i % #requests + 1
  return requests[i]
end
`;
}

/** Reads what `wrk --latency` prints; throws when that is not what it was expected to print. */
export function readWrk(text: string): Omit<LoadResult, 'generatorCpuMs'> {
  const total = /(\d+) requests in ([\d.]+)(us|ms|s|m)\b/.exec(text);
  if (total === null) throw new Error(`wrk printed something else: ${text}`);
  const others = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
  const errors = (socketErrors?.slice(1) ?? []).reduce((sum, count) => sum + Number(count), 0);
  const latency = /Latency +[\d.]+[a-z]+ +[\d.]+[a-z]+ +([\d.]+)(us|ms|s|m)/.exec(text);
  return {
    seconds: (Number(total[2]) * UNIT_MS[total[3]]) / 1000,
    answers: Number(total[1]) - others,
    others: others + errors,
    p50Ms: percentileMs(text, '50%'),
    p99Ms: percentileMs(text, '99%'),
    maxMs: latency === null ? NaN : Number(latency[1]) * UNIT_MS[latency[2]],
  };
}

function percentileMs(text: string, name: string): number {
  const match = new RegExp(`^ +${name} +([\\d.]+)(us|ms|s|m)`, 'm').exec(text);
  return match === null ? NaN : Number(match[1]) * UNIT_MS[match[2]];
}
