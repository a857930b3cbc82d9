import { ListingQueue } from './listing-queue';

it('gives one turn at a time, in the order asked', async () => {
  const queue = new ListingQueue(2);
  const order: string[] = [];
  const first = await queue.acquire('a');
  const turns = ['second', 'third'].map(async (name) => {
    const release = await queue.acquire('a');
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
  const first = await queue.acquire('a');
  const second = queue.acquire('a');
  expect(await queue.acquire('a')).toBeNull();
  first?.();
  (await second)?.();
  expect(await queue.acquire('a')).not.toBeNull();
});

/** Clients in the order of their turns, the refused ones behind them. */
async function turnsOf(waitingMax: number, clients: string): Promise<string> {
  const queue = new ListingQueue(waitingMax);
  const first = await queue.acquire('first');
  const [turns, refused]: [string[], string[]] = [[], []];
  const asked = Array.from(clients, async (client) => {
    const release = await queue.acquire(client);
    (release === null ? refused : turns).push(client);
    release?.();
  });
  first?.();
  await Promise.all(asked);
  return `${turns.join('')} ${refused.join('')}`;
}

it.each([
  ['clients take turns, however many listings one waits for', 'aaaab', 'abaaa '],
  ['each of them in the order asked', 'aabbcc', 'abcabc '],
  ['a client that has none gets the place of another that has many', 'aaaaaaaabc', 'abcaaaaa aa'],
  ['a client that has as many gets none', 'aaaabbbbab', 'abababab ab'],
  ['a client alone has all places', 'aaaaaaaaa', 'aaaaaaaa a'],
])('%s', async (_rule, asked, order) => {
  expect(await turnsOf(8, asked)).toBe(order);
});

it('ends a turn once, however often it is ended', async () => {
  const queue = new ListingQueue(2);
  const first = await queue.acquire('a');
  const second = queue.acquire('a');
  let thirdHasTurn = false;
  void queue.acquire('a').then(() => (thirdHasTurn = true));
  first?.();
  first?.();
  await second;
  expect(thirdHasTurn).toBe(false);
});

it('takes whoever has gone out of the queue, and gives the turn to who still waits', async () => {
  const queue = new ListingQueue(2);
  const first = await queue.acquire('a');
  const hangUp = new AbortController();
  const left = queue.acquire('a', hangUp.signal);
  hangUp.abort();
  expect(await left).toBeNull();
  expect(await queue.acquire('a', hangUp.signal)).toBeNull();
  const [second, third] = [queue.acquire('a'), queue.acquire('a')];
  first?.();
  (await second)?.();
  expect(await third).not.toBeNull();
});
