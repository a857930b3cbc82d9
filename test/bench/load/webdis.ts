// Webdis (github.com/nicolasff/webdis), an HTTP interface to Redis in C, and the requests that are
// the same work for it and for a node: as many keys, as many bytes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portRange } from '../../support/processes/ports';
import { until } from '../../support/basics/until';
import type { Bench } from '../program';
import { readWrk } from './wrk';

export interface HttpTarget {
  readonly name: string;
  readonly ports: readonly number[];
  readonly isWebdis: boolean;
}

export function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export async function startWebdis({ processes }: Bench, redisPort: number): Promise<HttpTarget> {
  const port = await portRange(1);
  const file = join(mkdtempSync(join(tmpdir(), 'repram-webdis-')), 'webdis.json');
  const server = { http_host: '127.0.0.1', http_port: port, redis_host: '127.0.0.1', redis_port: redisPort };
  const acl = [{ disabled: [], enabled: ['*'] }];
  writeFileSync(
    file,
    JSON.stringify({ ...server, threads: 2, pool_size: 20, daemonize: false, verbosity: 0, acl }),
  );
  processes.start({ program: 'webdis', args: [file], env: {} });
  await until(async () => (await fetch(`http://127.0.0.1:${port}/PING`)).ok, 'webdis answers');
  return { name: 'webdis', ports: [port], isWebdis: true };
}

export interface Rate {
  readonly perSecond: number;
  readonly others: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const KEYS = 1000;

/** One wrk for all ports of a target, which its threads share. */
export function rateOf(
  target: HttpTarget,
  method: 'PUT' | 'GET',
  { seconds, connections, valueBytes }: { seconds: number; connections: number; valueBytes: number },
): Rate[] {
  const script = join(mkdtempSync(join(tmpdir(), 'repram-wrk-')), 'requests.lua');
  writeFileSync(script, scriptOf(target, method, valueBytes));
  const each = Math.max(1, Math.floor(connections / target.ports.length));
  const args = ['-t1', `-c${each}`, `-d${seconds}s`, '--latency', '-s', script];
  const shell = target.ports.map((port) => `wrk ${args.join(' ')} http://127.0.0.1:${port} & `).join('');
  const printed = execFileSync('sh', ['-c', `${shell} wait`], { encoding: 'utf8' });
  return printed.split(/(?=Running )/).map((text) => {
    const { answers, seconds: took, others, p50Ms, p99Ms } = readWrk(text);
    return { perSecond: answers / took, others, p50Ms, p99Ms };
  });
}

function scriptOf({ isWebdis }: HttpTarget, method: 'PUT' | 'GET', valueBytes: number): string {
  const put = isWebdis ? '"/SETEX/bench-" .. key .. "/86400"' : '"/data/bench-" .. key .. "?ttl=86400"';
  const get = isWebdis ? '"/GET/bench-" .. key .. ".txt"' : '"/data/bench-" .. key';
  return `local requests, i = {}, 0
function init(args)
  local body = ${method === 'PUT' ? `string.rep("v", ${valueBytes})` : 'nil'}
  for key = 0, ${KEYS - 1} do
    requests[key] = wrk.format("${method}", ${method === 'PUT' ? put : get}, nil, body)
  end
end
function request()
  i = (i + 1) % ${KEYS}
  return requests[i]
end
`;
}
