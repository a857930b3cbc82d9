// Whether nodes hold the same, as their API tells it: equal root hashes in /status, every key by
// GET on every port.
import { call } from '../http/calls';
import type { Place } from '../http/calls';
import { readAll } from '../http/pipeline';
import { until } from '../basics/until';

export interface NodeStatus {
  readonly node_id: string;
  readonly name: string;
  readonly state: string;
  readonly storage: { readonly keys: number; readonly root: string; readonly dropped_early: number };
  readonly membership: { readonly alive: number; readonly suspect: number; readonly dead: number };
}

/** How many failures are told one by one. */
const TOLD_MAX = 5;

export async function statusOf(place: Place): Promise<NodeStatus> {
  const { body } = await call(place, '/status', { limitMs: 5000 });
  return JSON.parse(body.toString()) as NodeStatus;
}

/** Waits until all are ready and hold the same versions; answers the number of keys of each. */
export async function untilSame(places: readonly Place[], deadlineMs = 60_000): Promise<number> {
  const all = await until(
    async () => {
      const statuses = await Promise.all(places.map(statusOf));
      const different = new Set(statuses.map(({ state, storage }) => `${state} ${storage.root}`)).size > 1;
      if (!different && statuses[0].state === 'ready') return statuses;
      const told = statuses.map(({ name, state, storage: { keys, root } }) => [name, state, keys, root]);
      throw new Error(told.map((each) => each.join(' ')).join(', '));
    },
    'all nodes hold the same',
    deadlineMs,
  );
  return all[0].storage.keys;
}

/**
 * What a GET of each key on each place answered that is not its value; empty when nothing is
 * missing anywhere.
 */
export async function missing(
  places: readonly Place[],
  expected: ReadonlyMap<string, string>,
): Promise<string[]> {
  const keys = [...expected.keys()];
  const problems: string[] = [];
  for (const place of places) {
    const answers = await readAll(place, keys);
    const wrong = keys.flatMap((key, position) => {
      const wanted = `200 ${expected.get(key) ?? ''}`;
      return answers[position] === wanted ? [] : [`${key}: ${answers[position]}`];
    });
    if (wrong.length > 0) problems.push(`${place}: ${wrong.length} of ${keys.length}`);
    problems.push(...wrong.slice(0, TOLD_MAX));
  }
  return problems;
}
