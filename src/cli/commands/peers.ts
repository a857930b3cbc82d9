// `repram peers`: whom a node knows.
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { factsOf, peersOf, type PeerFacts } from '../network/facts';
import { firstAnswer, noNodeAt } from '../network/first-node';
import { bytesText, countText, millisecondsText, tableLines } from '../output/text';
import { stateText } from '../output/state';

const HEAD = ['NODE', 'ID', 'ADDRESS', 'STATE', 'REACH', 'RTT', 'KEYS', 'BYTES', 'NOTES'];
const SIDES = ['left', 'left', 'left', 'left', 'left', 'right', 'right', 'right'] as const;

export async function peers(context: Context): Promise<Ending> {
  const { url, body } = await firstAnswer(context, '/peers');
  if (context.isJson) {
    await context.document(body);
    return 'done';
  }
  if (!Array.isArray(factsOf(body).peers)) throw noNodeAt(url);
  const known = peersOf(body);
  if (known.length === 0) {
    context.note(`the node at ${url} knows no other node`);
    return 'done';
  }
  const rows = known.map((peer) => rowOf(peer, context));
  const head = HEAD.map((title) => context.paint('bold', title));
  for (const line of tableLines([head, ...rows], SIDES)) await context.line(line);
  return 'done';
}

function rowOf(peer: PeerFacts, { paint }: Context): string[] {
  const { name, id, address, port, state, reach, rttMs, digest } = peer;
  const rtt = rttMs === null ? '-' : millisecondsText(rttMs);
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const told = [countText(digest.keys), bytesText(digest.usedBytes), notesOf(peer)];
  return [name, id, place, stateText(state, paint), reach, rtt, ...told];
}

function notesOf({ lagging, full, missingWrites }: PeerFacts): string {
  const notes = [
    ...(lagging ? ['lags'] : []),
    ...(full ? ['full'] : []),
    ...(missingWrites > 0 ? [`${countText(missingWrites)} writes missing from it`] : []),
  ];
  return notes.join(', ');
}
