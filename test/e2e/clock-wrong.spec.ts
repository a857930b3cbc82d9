// A client of nodes whose system clock was set beyond what writes can be ordered by.
// On gossip alone: peers refuse a stamp from too far ahead, and a server takes it.
import request from 'supertest';
import { type Network, startNetwork } from '../support/processes/network';

let network: Network;
beforeAll(async () => {
  network = await startNetwork(2);
});
afterAll(() => network.stop());

const put = (value: string): request.Test => request(network.urls[0]).put('/data/k').send(value);
const read = async (): Promise<string> => {
  const { status, body } = await request(network.urls[1]).get('/data/k').buffer(true);
  return `${status} ${Buffer.from(body as Buffer).toString()}`;
};

it('is told that its write changed nothing, instead of 201', async () => {
  await put('before').expect(201);
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2150, 0, 1));
  const answer = await put('after');
  clock.mockRestore();
  expect(answer.status).toBe(503);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'retry-after': '60' });
  expect(answer.body).toMatchObject({ code: 'clock-wrong' });
  expect(await read()).toBe('200 before');
});

it('writes again once the clock is right', async () => {
  await put('after').expect(201);
  expect(await read()).toBe('200 after');
});
