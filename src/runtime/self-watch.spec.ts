import type { KnownOthers } from '../core/base/report';
import { OthersWatch } from './self-watch';

it('a launcher is told of the others once for each change, and of nothing while the node may not know', () => {
  const told: KnownOthers[] = [];
  const watch = new OthersWatch((others) => told.push(others));
  let others: KnownOthers | null = null;
  const look = (memberChanges: number): void => watch.look({ memberChanges, others: () => others });
  look(1);
  others = { ids: ['b', 'a'], hosts: 1 };
  look(1);
  look(1);
  others = { ids: ['a', 'b'], hosts: 1 };
  look(2);
  others = { ids: ['a', 'b'], hosts: 2 };
  look(3);
  others = null;
  look(4);
  expect(told).toEqual([
    { ids: ['b', 'a'], hosts: 1 },
    { ids: ['a', 'b'], hosts: 2 },
  ]);
});
