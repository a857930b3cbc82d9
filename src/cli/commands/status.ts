// `repram status`: what a node says of itself.
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { factsOf, numberOf, shown, statusOf, type Facts, type StatusFacts } from '../network/facts';
import { firstAnswer, noNodeAt } from '../network/first-node';
import { bytesText, countText, millisecondsText, plural, secondsText, tableLines } from '../output/text';

export async function status(context: Context): Promise<Ending> {
  const { url, body } = await firstAnswer(context, '/status');
  if (context.isJson) {
    await context.document(body);
    return 'done';
  }
  const known = statusOf(body);
  if (known === null) throw noNodeAt(url);
  const { paint } = context;
  const rows = rowsOf(url, known, factsOf(body)).map(([name, value]) => [paint('dim', name), value]);
  for (const line of tableLines(rows)) await context.line(line);
  return 'done';
}

function rowsOf(url: string, known: StatusFacts, facts: Facts): (readonly [string, string])[] {
  const replication = factsOf(facts.replication);
  const membership = factsOf(facts.membership);
  const { digest } = known;
  const number = (of: Facts, name: string): string => countText(numberOf(of[name]));
  return [
    ['node', `${known.name} (${known.id}) at ${url}`],
    [
      'release',
      `${known.release}, up ${secondsText(known.uptimeSeconds)}, ${bytesText(known.rssBytes)} of memory`,
    ],
    ['state', known.state],
    ['cluster', `${known.cluster}, secret ${shown(known.config.cluster_secret)}`],
    [
      'values',
      `${plural(digest.keys, 'key')}, ${bytesText(digest.usedBytes)} of ${bytesText(digest.limitBytes)}`,
    ],
    ['rates', `${countText(digest.putsPerSecond)} writes/s, ${countText(digest.getsPerSecond)} reads/s`],
    [
      'members',
      `${number(membership, 'alive')} alive, ${number(membership, 'suspect')} suspect, ${number(membership, 'dead')} dead`,
    ],
    ['quorum', `${number(replication, 'quorum')} ${shown(replication.counts)}`],
    [
      'lag',
      `${plural(digest.missingWrites, 'write')} missing, ${number(replication, 'pending_writes')} pending, ${plural(known.laggingPeers, 'lagging peer')}`,
    ],
    ['event loop', `p99 ${millisecondsText(numberOf(factsOf(facts.event_loop).p99_ms))}`],
    ['clock', `${millisecondsText(known.clockOffsetMs)} from its peers`],
  ];
}
