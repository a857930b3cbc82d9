import { ListingQueue } from './listing-queue';

it('gives one turn at a time, in the order asked', async () => {
  const queue = new ListingQueue(2);
  const order: string[] = [];
  const first = await queue.acquire();
  const turns = ['second', 'third'].map(async (name) => {
    const release = await queue.acquire();
    order.push(name);
    release?.();
  });
  expect(order).toEqual([]);
  first?.();
  await Promise.all(turns);
  expect(order).toEqual(['second', 'third']);
});

it('turns away whoever finds the queue full, and nobody after it emptied', async () => {
  const queue = new ListingQueue(1);
  const first = await queue.acquire();
  const second = queue.acquire();
  expect(await queue.acquire()).toBeNull();
  first?.();
  (await second)?.();
  expect(await queue.acquire()).not.toBeNull();
});

it('ends a turn once, however often it is ended', async () => {
  const queue = new ListingQueue(2);
  const first = await queue.acquire();
  const second = queue.acquire();
  let thirdHasTurn = false;
  void queue.acquire().then(() => (thirdHasTurn = true));
  first?.();
  first?.();
  await second;
  expect(thirdHasTurn).toBe(false);
});

it('takes whoever has gone out of the queue, and gives the turn to who still waits', async () => {
  const queue = new ListingQueue(2);
  const first = await queue.acquire();
  const hangUp = new AbortController();
  const left = queue.acquire(hangUp.signal);
  hangUp.abort();
  expect(await left).toBeNull();
  expect(await queue.acquire(hangUp.signal)).toBeNull();
  const [second, third] = [queue.acquire(), queue.acquire()];
  first?.();
  (await second)?.();
  expect(await third).not.toBeNull();
});
