// Stores a value and tells truthfully what became of it. It keeps its key through all tries, on
// whatever node, so that a repeated try never makes a second value.
import type { Failure, Result } from '../node-api/calls';
import { putValue, type Receipt } from '../node-api/data';
import type { NodeList } from '../node-api/node-list';
import { explain, passesByItself, retryDelayMs } from '../words/explain';
import { counted, inWords } from '../words/lifetime';

export type Mood = 'done' | 'waiting' | 'problem';
export interface Said {
  readonly mood: Mood;
  readonly words: string;
}

export interface Parcel {
  readonly key: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ttlSeconds: number;
}

const TRIES_MAX = 4;

export async function send(
  nodes: NodeList,
  parcel: Parcel,
  say: (said: Said) => void,
): Promise<Result<Receipt>> {
  const silent = new Set<string>();
  for (let tries = 1; ; tries += 1) {
    const base = notSilent(nodes, silent) ?? nodes.current;
    const result = await putValue(base, parcel.key, parcel.bytes, parcel.ttlSeconds);
    if (result.ok || tries === TRIES_MAX || !passesByItself(result.failure)) return result;
    if (result.failure.kind === 'unreachable') {
      silent.add(base);
      if (notSilent(nodes, silent) !== undefined) continue;
      silent.clear();
    }
    const waitMs = retryDelayMs(result.failure, tries, Math.random());
    const { title, detail } = explain(result.failure, navigator.onLine);
    const again = `Trying again in ${counted(Math.ceil(waitMs / 1000), 'second')}.`;
    say({ mood: 'waiting', words: sentences(title, detail, again) });
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** A node that has answered something, or was not asked: the one in use before all others. */
function notSilent(nodes: NodeList, silent: ReadonlySet<string>): string | undefined {
  return [nodes.current, ...nodes.alternatives].find((address) => !silent.has(address));
}

/**
 * @param asked the lifetime that was wished for, in seconds
 * @param ends when it ends, as a time of day
 */
export function receiptWords(receipt: Receipt, asked: number, ends: string): Said {
  const life = `It lives for ${inWords(receipt.ttlSeconds)}, until ${ends}.`;
  const clamped = receipt.ttlSeconds === asked ? '' : `This node does not allow ${inWords(asked)}.`;
  const stored = receipt.replicating
    ? 'Stored here, still replicating: too few other nodes have confirmed it yet.'
    : `Posted${copies(receipt)}.`;
  return { mood: receipt.replicating ? 'waiting' : 'done', words: sentences(stored, life, clamped) };
}

export function failureWords(failure: Failure, online: boolean): Said {
  const { title, detail } = explain(failure, online);
  const after = failure.kind === 'unreachable' ? 'Posting it again will not make a second copy.' : '';
  return { mood: 'problem', words: sentences(title, detail, 'Your text is still here.', after) };
}

function copies({ nodes, hosts }: Receipt): string {
  const [, held, of] = /^(\d+)\/(\d+)$/.exec(nodes) ?? [];
  if (held === undefined || of === undefined) return '';
  const [, hostsHeld] = /^(\d+)\/\d+$/.exec(hosts) ?? [];
  const where = hostsHeld === undefined ? '' : ` on ${counted(Number(hostsHeld), 'host')}`;
  return ` to ${held} of ${of} nodes${where}`;
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
