// `repram bench`: a quick answer to how fast a running network is from here. What it writes lives
// as short as nodes allow.
import { randomBytes } from 'node:crypto';
import { CliError } from '../cli-error';
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { parseWhole } from '../input/numbers';
import { Connections, type Asked } from '../load/request';
import { runLoad, type Measured } from '../load/run';
import { noNode } from '../network/first-node';
import { isNode, survey } from '../network/survey';
import { bytesText, countText, millisecondsText, plural, tableLines } from '../output/text';

interface BenchOptions {
  readonly seconds: string;
  readonly connections: string;
  readonly size: string;
}

interface Plan {
  readonly urls: readonly string[];
  readonly seconds: number;
  readonly width: number;
  readonly valueBytes: number;
}

interface Part {
  readonly name: 'put' | 'get';
  readonly measured: Measured;
}

/** So many keys are written again and again: what stays behind is bounded. */
const KEYS = 1000;
const TTL_SECONDS = 300;
const RATE_LIMITED = '429';

export async function bench(context: Context, _args: unknown, options: object): Promise<Ending> {
  const plan = await planOf(context, options as BenchOptions);
  const { urls, seconds, width, valueBytes } = plan;
  context.note(
    `${plural(urls.length, 'node')}, ${plural(width, 'request')} at a time, values of ${bytesText(valueBytes)}, ${seconds} s of each`,
  );
  const parts = await measure(context, plan);
  if (context.isJson) await context.document(documentOf(plan, parts));
  else for (const line of tableLines([HEAD, ...parts.map(rowOf)], SIDES)) await context.line(line);
  return judge(parts);
}

async function planOf(context: Context, { seconds, connections, size }: BenchOptions): Promise<Plan> {
  const numbers = {
    seconds: parseWhole('--seconds', seconds, 1, 600),
    width: parseWhole('--connections', connections, 1, 1000),
    valueBytes: parseWhole('--size', size, 0, 10_485_760),
  };
  const places = (await survey(context.nodes.urls, context)).filter(isNode);
  const urls = places.map(({ url }) => url).filter((url) => url.startsWith('http:'));
  if (urls.length === 0) throw noNode(context);
  return { urls, ...numbers };
}

async function measure({ stop }: Context, { urls, seconds, width, valueBytes }: Plan): Promise<Part[]> {
  const run = randomBytes(4).toString('hex');
  const value = randomBytes(valueBytes);
  const connections = new Connections(width);
  const urlOf = (index: number): URL =>
    new URL(`${urls[index % urls.length]}/data/repram-bench/${run}/${index % KEYS}`);
  const writing = (index: number): Asked => {
    const url = urlOf(index);
    url.search = `ttl=${TTL_SECONDS}`;
    return { url, method: 'PUT', body: value };
  };
  const reading = (index: number): Asked => ({ url: urlOf(index), method: 'GET', body: null });
  try {
    const load = { connections, width, lastsMs: seconds * 1000, stop };
    const put = await runLoad({ ...load, next: writing });
    const written = Math.max(1, Math.min(KEYS, put.requests));
    const get = await runLoad({ ...load, next: (index) => reading(index % written) });
    return [
      { name: 'put', measured: put },
      { name: 'get', measured: get },
    ];
  } finally {
    connections.close();
  }
}

const HEAD = ['', 'per second', 'p50', 'p99', 'max', 'answers'];
const SIDES = ['left', 'right', 'right', 'right', 'right', 'left'] as const;

function rowOf({ name, measured: { perSecond, p50Ms, p99Ms, maxMs, statuses } }: Part): string[] {
  const told = Object.entries(statuses).map(([status, count]) => {
    return `${countText(count ?? 0)} x ${status === '0' ? 'none' : status}`;
  });
  return [name, countText(perSecond), ...[p50Ms, p99Ms, maxMs].map(millisecondsText), told.join(', ')];
}

function documentOf({ urls, seconds, width, valueBytes }: Plan, parts: readonly Part[]): object {
  const told = parts.map(({ name, measured: { requests, perSecond, p50Ms, p99Ms, maxMs, statuses } }) => {
    const figures = {
      requests,
      per_second: perSecond,
      p50_ms: p50Ms,
      p99_ms: p99Ms,
      max_ms: maxMs,
      statuses,
    };
    return [name, figures] as const;
  });
  return { nodes: urls, seconds, connections: width, value_bytes: valueBytes, ...Object.fromEntries(told) };
}

/** Figures of refusals would mislead. */
function judge(parts: readonly Part[]): Ending {
  const limited = parts.some(({ measured: { statuses } }) => (statuses[RATE_LIMITED] ?? 0) > 0);
  if (!limited) return parts.every(({ measured: { perSecond } }) => perSecond > 0) ? 'done' : 'failed';
  throw new CliError({
    ending: 'failed',
    code: 'rate-limited',
    message: 'nodes limit how much one client may ask, so these figures are of the limit',
    advice: 'start them with REPRAM_RATE_LIMIT=0 to measure',
  });
}
