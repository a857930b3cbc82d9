// The command line against programs that are no nodes, or that wish its terminal ill.
import { type Answering, ScriptedNode } from '../support/fakes/scripted-node';
import { type, type Typed } from '../support/processes/typed';

const ID = 'b41fbb53eb6f9f49';
const ESCAPE = '\u001B[2J\u009B1m\u202E';
/** What a terminal obeys. */
const COMMANDS = /[\p{Cc}\u202E]/u;
const JSON_TYPE = { 'content-type': 'application/json' };

let node: ScriptedNode;
afterEach(() => node.close());

async function typed(answering: Answering, ...words: readonly string[]): Promise<Typed> {
  node = await ScriptedNode.start(answering);
  return type([...words, '--node', `127.0.0.1:${node.port}`, '--timeout', '2s']);
}

const answer = (status: number, type: string, body: object): Answering => {
  const fields = { 'content-type': type, 'x-repram-node': ID };
  return (_, response) => response.writeHead(status, fields).end(JSON.stringify(body));
};
const problem = answer(400, 'application/problem+json', {
  code: 'query-invalid',
  title: ESCAPE,
  detail: `${ESCAPE}\r\nrepram: stored`,
});
const status = answer(200, 'application/json', {
  node_id: ID,
  name: ESCAPE,
  cluster: ESCAPE,
  state: ESCAPE,
  version: ESCAPE,
  config: { cluster_secret: ESCAPE },
  replication: { counts: ESCAPE },
});
const peers = answer(200, 'application/json', {
  node_id: ID,
  peers: [{ id: ESCAPE, name: ESCAPE, address: ESCAPE, port: 1, state: ESCAPE, reach: ESCAPE }],
});
const events: Answering = (_, response) => {
  const member = { id: ID, name: 'n', from: ESCAPE, to: ESCAPE, reason: ESCAPE };
  response
    .writeHead(200, { 'content-type': 'text/event-stream' })
    .write(`event: member\ndata: ${JSON.stringify(member)}\n\n`);
};

it.each<[Answering, string[]]>([
  [problem, ['get', 'k']],
  [problem, ['put', 'k', '--value', 'v']],
  [problem, ['keys']],
  [status, ['status']],
  [peers, ['peers']],
  [events, ['watch', '--limit', '1']],
  [status, ['doctor']],
])('shows what a node says as text that commands no terminal (%#)', async (answering, words) => {
  const { out, errors } = await typed(answering, ...words);
  expect(out + errors).toContain('%1B[2J');
  for (const line of (out + errors).split('\n')) expect(line).not.toMatch(COMMANDS);
});

it.each([['get', 'k'], ['put', 'k', '--value', 'v'], ['keys'], ['watch']])(
  'ends with a sentence for a status that is none of HTTP: %s',
  async (...words) => {
    const { code, errors } = await typed((_, response) => response.writeHead(999).end(), ...words);
    expect(code).toBe(4);
    expect(errors).toMatch(/^repram: no node answers at .*\n$/);
  },
);

it.each([
  ['--json', 'get', 'k'],
  ['get', 'k', '--json', '-o', '-'],
])('reads no value without end where it is held whole: %s %s %s', async (...words) => {
  const piece = Buffer.alloc(1_048_576);
  let sentBytes = 0;
  const { code, errors } = await typed(
    (_, response) => {
      response.writeHead(200, {
        'x-repram-version': '6882b0813d000-9f8a2c4e6b1d3570',
        'x-created-at': new Date().toISOString(),
      });
      const more = (): void => {
        while (!response.destroyed) {
          sentBytes += piece.length;
          if (!response.write(piece)) break;
        }
      };
      response.on('drain', more);
      more();
    },
    ...words,
  );
  expect(code).toBe(1);
  expect(errors).toContain('value-too-large');
  expect(sentBytes).toBeLessThan(64 * piece.length);
});

it.each([['status'], ['peers']])('says that what answers is no node: %s', async (word) => {
  const { code, out, errors } = await typed(
    (_, response) => response.writeHead(200, JSON_TYPE).end('{}'),
    word,
  );
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(errors).toMatch(/^repram: 127\.0\.0\.1:\d+ answers, and is no node; /);
});
