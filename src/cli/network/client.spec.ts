import type { Context } from '../context';
import { untilLimit } from './client';

it('only a limit that somebody has set ends a value that comes', async () => {
  const { signal: stop } = new AbortController();
  const context = (isLimitGiven: boolean): Context => ({ stop, isLimitGiven, limitMs: 1 }) as Context;
  expect(untilLimit(context(false), 0)).toBe(stop);
  const limit = untilLimit(context(true), 0);
  await new Promise((resolve) => limit.addEventListener('abort', resolve));
  expect([limit.aborted, stop.aborted]).toEqual([true, false]);
});
