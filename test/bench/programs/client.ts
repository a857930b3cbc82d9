// What the client costs beside bare fetch: the same calls in one process, in turns, one after the
// other, on connections that stay.
import { Repram } from '../../../src/client';
import { startLauncher } from '../machine/launcher';
import type { Bench } from '../program';
import { size, summaryCells, summaryTable, type Report } from '../report';
import { median, summarize } from '../statistics';

const ROUNDS = 10;
/** Of each kind, in a round. */
const CALLS = 100;
const SIZES = [100, 100_000];
const TTL = { ttlSeconds: 600 };

type Ask = () => Promise<unknown>;

interface Pair {
  readonly name: string;
  readonly bare: Ask;
  readonly client: Ask;
  readonly bareMs: number[];
  readonly clientMs: number[];
  /** Of each round: the median of the client's calls by that of the bare ones. */
  readonly ratios: number[];
}

export async function client(bench: Bench): Promise<Report> {
  const launcher = await startLauncher(bench, 3);
  const url = `http://127.0.0.1:${launcher.ports[0]}/`;
  const repram = new Repram({ nodes: url });
  try {
    const pairs = SIZES.flatMap((bytes) => pairsOf(url, repram, bytes));
    for (const { bare, client: ours } of pairs) for (const ask of [bare, ours]) await ask();
    for (let round = 1; round <= (bench.options.rounds ?? ROUNDS); round += 1) {
      for (const pair of pairs) await measurePair(pair, CALLS);
      bench.tell(`round ${round}: ${pairs.map(({ ratios }) => (ratios.at(-1) ?? 0).toFixed(2)).join(' ')}`);
    }
    return reportOf(pairs);
  } finally {
    repram.close();
    await launcher.stop();
  }
}

function pairsOf(url: string, repram: Repram, bytes: number): Pair[] {
  const value = new Uint8Array(bytes).fill(120);
  const key = `bench ${bytes}`;
  const address = `${url}data/${encodeURIComponent(key)}`;
  const bareGet = async (): Promise<unknown> => (await fetch(address)).arrayBuffer();
  const barePut = async (): Promise<unknown> =>
    (await fetch(`${address}?ttl=${TTL.ttlSeconds}`, { method: 'PUT', body: value })).arrayBuffer();
  const pair = (name: string, bare: Ask, ours: Ask): Pair => {
    return { name: `${name} ${size(bytes)}`, bare, client: ours, bareMs: [], clientMs: [], ratios: [] };
  };
  return [
    pair('put', barePut, () => repram.put(key, value, TTL)),
    pair('get', bareGet, () => repram.get(key)),
  ];
}

/** Who comes first changes from call to call. */
async function measurePair(pair: Pair, calls: number): Promise<void> {
  const bareMs: number[] = [];
  const clientMs: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const isBareFirst = call % 2 === 0;
    if (isBareFirst) bareMs.push(await time(pair.bare));
    clientMs.push(await time(pair.client));
    if (!isBareFirst) bareMs.push(await time(pair.bare));
  }
  pair.bareMs.push(...bareMs);
  pair.clientMs.push(...clientMs);
  pair.ratios.push(median(clientMs) / median(bareMs));
}

async function time(ask: Ask): Promise<number> {
  const startedAtMs = performance.now();
  await ask();
  return performance.now() - startedAtMs;
}

function reportOf(pairs: readonly Pair[]): Report {
  const rows = pairs.flatMap(({ name, bareMs, clientMs }) => [
    [`${name}, bare fetch`, ...summaryCells(summarize(bareMs)), '-'],
    [`${name}, the client`, ...summaryCells(summarize(clientMs)), '-'],
  ]);
  const ratios = pairs.map(({ name, ratios }) => [name, median(ratios).toFixed(2)]);
  return {
    tables: [
      summaryTable('Calls one after the other, three nodes on this machine', rows),
      { title: 'The client by bare fetch: median over rounds', columns: ['', 'ratio'], rows: ratios },
    ],
    notes: ['a bare fetch reads its answer to the end and looks at nothing of it'],
    data: { client: pairs.map(({ name, bareMs, clientMs, ratios }) => ({ name, bareMs, clientMs, ratios })) },
  };
}
