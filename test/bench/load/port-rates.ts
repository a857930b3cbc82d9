// The rate of all ports of a target at once, by wrk: as many keys and bytes for a node as for
// webdis.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWrk } from './wrk';

export interface HttpTarget {
  readonly name: string;
  readonly ports: readonly number[];
  readonly isWebdis: boolean;
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
