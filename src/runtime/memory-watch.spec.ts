import type { MemoryUsage } from '../config/memory-limit';
import { MemoryWatch } from './memory-watch';

it('reads at most once a second however often it is asked', () => {
  let usedBytes = 0;
  const read = (): MemoryUsage => {
    usedBytes += 1;
    return { usedBytes, limitBytes: 100, scope: 'group', throttled: false };
  };
  const watch = new MemoryWatch(read);
  expect([0, 500, 999, 1000, 1500].map((nowMs) => watch.at(nowMs)?.usedBytes)).toEqual([1, 1, 1, 2, 2]);
});
