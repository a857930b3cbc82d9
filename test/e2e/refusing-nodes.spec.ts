// A node that limits who asks, or has no place for a connection, is known for a node all the same.
// Without an engine: refusals come before it is asked.
import { type AddressInfo, createServer } from 'node:net';
import { describeAnswerer, whoAnswers } from '../../src/adapters/who-answers';
import { refuseConnection } from '../../src/http/limits/refused-connection';
import { ProblemCounts, signatureOf } from '../../src/http/problem-counts';
import { until } from '../support/basics/until';
import { type FakeNode, startFakeNode } from '../support/fakes/fake-node';

let node: FakeNode | null = null;
afterEach(async () => {
  await node?.close();
  node = null;
});

/** Until /health itself is refused. */
async function useUp(url: string): Promise<Response> {
  for (let asked = 0; asked < 1000; asked += 1) {
    const answer = await fetch(`${url}/health`);
    if (answer.status === 429) return answer;
    await answer.text();
  }
  throw new Error('never limited');
}

it('its refusals say who it is', async () => {
  node = await startFakeNode({ rateLimitPerSecond: 1 });
  const { headers } = await useUp(node.url);
  expect(headers.get('x-repram-node')).toBe(node.engine.origin);
  expect(headers.get('x-repram-cluster')).toBe(node.settings.cluster);
});

it('whoever looks for the holder of its port finds a node', async () => {
  node = await startFakeNode({ rateLimitPerSecond: 1 });
  const { port, url, engine, settings } = node;
  // A second later one more is answered in full, with the node's name.
  const refused = async (): Promise<string | null> => {
    await useUp(url);
    const answerer = await whoAnswers('127.0.0.1', port, 2000);
    expect(answerer).toMatchObject({ kind: 'node', id: engine.origin });
    return answerer.kind === 'node' && answerer.name === '' ? describeAnswerer(answerer) : null;
  };
  const described = await until(refused, 'it is asked while it refuses');
  expect(described).toBe(`node (${engine.origin}) of cluster "${settings.cluster}"`);
});

it('so it is when a connection finds no place', async () => {
  const signature = new ProblemCounts(signatureOf({ id: '0123456789abcdef', cluster: 'test' }));
  const server = createServer((socket) => refuseConnection(socket, signature.signatureLines));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answerer = await whoAnswers('127.0.0.1', (server.address() as AddressInfo).port, 2000);
  server.close();
  expect(answerer).toMatchObject({ kind: 'node', id: '0123456789abcdef', cluster: 'test' });
});
