// A node that does not know whether there is such a key: it has not looked for its peers yet, or
// they do not answer.
import request from 'supertest';
import { startFakeNode } from '../support/fakes/fake-node';

describe('a node that does not know', () => {
  let node: Awaited<ReturnType<typeof startFakeNode>>;
  const http = (): ReturnType<typeof request> => request(node.url);

  beforeAll(async () => {
    node = await startFakeNode();
  });
  afterAll(() => node.close());

  it.each(['/data/k', '/v1/data/k'])('says so at %s, and not that there is nothing', async (path) => {
    node.engine.unanswered = 'unknown';
    const response = await http().get(path).expect(503);
    expect([response.body.code, response.headers['retry-after']]).toEqual(['syncing', '1']);
    await http().head(path).expect(503);
    await http().get(path).set('If-None-Match', '"1-0000000000000000"').expect(503);
    node.engine.unanswered = null;
    await http().get(path).expect(404);
  });

  it('gives what it holds', async () => {
    node.engine.unanswered = 'unknown';
    await http().put('/data/held').send('v').expect(201);
    await http().get('/data/held').expect(200);
  });

  it('is busy when more reads wait for others than may', async () => {
    node.engine.unanswered = 'busy';
    const response = await http().get('/data/k').expect(503);
    expect([response.body.code, response.headers['retry-after']]).toEqual(['busy', '1']);
  });
});
