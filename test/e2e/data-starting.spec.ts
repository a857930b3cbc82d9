// A node that has not looked for its peers yet.
import request from 'supertest';
import { startFakeNode } from '../support/fake-node';

it('does not call a key absent before it has looked for its peers', async () => {
  const node = await startFakeNode();
  const http = (): ReturnType<typeof request> => request(node.url);
  node.engine.currentState = 'starting';
  const reading = http()
    .get('/data/late')
    .then((response) => response);
  await http().put('/data/late').send('v').expect(201);
  node.engine.currentState = 'ready';
  expect((await reading).status).toBe(200);
  node.engine.currentState = 'starting';
  await http().get('/data/late').expect(200);
  const response = await http().get('/data/absent').expect(503);
  expect([response.body.code, response.headers['retry-after']]).toEqual(['syncing', '1']);
  await node.close();
});
