// Which of two versions of a key is the newer one: what the table holds, or what has come.
import type { Now } from '../base/now';
import { compareVersions, type FutureJudge } from '../base/version';
import type { Incoming } from './entry';
import type { Table } from './table';

/**
 * Positive when `incoming` is newer than what was found at `row` and is at hand. By their stamps;
 * but where there is a judge, and just one of them is from the future, as the judge says.
 */
export function compareWithFound(
  table: Table,
  row: number,
  incoming: Incoming,
  now: Now,
  judge: FutureJudge | null,
): number {
  const { hlc } = table.record;
  const byStamps = compareVersions(incoming, { hlc, origin: table.origin });
  if (byStamps === 0 || judge?.isFuture(Math.max(hlc, incoming.hlc), now) !== true) return byStamps;
  if (judge.isFuture(Math.min(hlc, incoming.hlc), now)) return byStamps;
  const held = table.known(row);
  const ageMs = now.monoMs - (held.expiresAtMs - held.ttlMs);
  return judge.compareWithFuture(incoming, { ...held, ageMs }, now);
}
