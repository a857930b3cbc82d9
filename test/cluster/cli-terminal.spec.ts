// What strangers stored, on the terminal of whoever looks.
import { type Answering, ScriptedNode } from '../support/fakes/scripted-node';
import { onTerminal, typeOnTerminal } from '../support/processes/terminal';
import { type } from '../support/processes/typed';

const ID = 'b41fbb53eb6f9f49';
const VERSION = '6882b0813d000-9f8a2c4e6b1d3570';
/** Each of them commands some terminal: CSI as one character, a turn of direction, a line end. */
const STRANGE = 'k\u009B31m\u202E\u007F\u0085\u2028\u{E0041}\u001B[2J\r';
/** What no terminal may get, but for line ends. */
const COMMANDS = /[^\P{Cc}\r\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;

let node: ScriptedNode;
afterEach(() => node.close());

async function start(answering: Answering): Promise<readonly string[]> {
  node = await ScriptedNode.start(answering);
  return ['--node', `127.0.0.1:${node.port}`, '--timeout', '5s'];
}

const valueOf =
  (value: string): Answering =>
  (_, response) =>
    response
      .writeHead(200, { 'x-repram-version': VERSION, 'x-created-at': new Date().toISOString() })
      .end(value);
const json =
  (status: number, type: string, body: object): Answering =>
  (_, response) =>
    response.writeHead(status, { 'content-type': type, 'x-repram-node': ID }).end(JSON.stringify(body));
const events: Answering = (_, response) => {
  response
    .writeHead(200, { 'content-type': 'text/event-stream' })
    .write(`event: expire\ndata: ${JSON.stringify({ key: STRANGE, version: VERSION })}\n\n`);
};
const listed = json(200, 'application/json', { keys: [STRANGE], cursor: null });
const refused = json(400, 'application/problem+json', { code: 'query-invalid', title: 'T', detail: STRANGE });
const status = json(200, 'application/json', { node_id: ID, name: STRANGE });
const peers = json(200, 'application/json', { node_id: ID, peers: [{ id: STRANGE, name: STRANGE }] });

it.each<[string, Answering, string[]]>([
  ['the key of a value', valueOf('plain'), ['get', STRANGE]],
  ['a value', valueOf(STRANGE), ['get', 'k']],
  ['keys', listed, ['keys']],
  ['changes', events, ['watch', '--limit', '1']],
  ['a refusal', refused, ['get', 'k']],
  ['a status', status, ['status']],
  ['peers', peers, ['peers']],
])('escapes in the JSON of %s whatever a terminal obeys', async (_what, answering, words) => {
  const { out, errors } = await type([...words, '--json', ...(await start(answering))]);
  expect(out + errors).toContain('\\u009b31m\\u202e\\u007f');
  expect(out + errors).not.toMatch(COMMANDS);
  for (const line of (out + errors).trim().split('\n'))
    expect(JSON.stringify(JSON.parse(line))).toContain(JSON.stringify(STRANGE).slice(1, -1));
});

onTerminal.each([
  ['hides what stands before it', 'secret\rOVER'],
  ['stands at the end', 'secret\r'],
  ['stands twice before a line end', 'secret\r\r\nOVER'],
])('shows no text with a carriage return that %s', async (_what, value) => {
  const { code, out } = await typeOnTerminal(['get', 'k', ...(await start(valueOf(value)))]);
  expect(code).toBe(1);
  expect(out).toMatch(/^repram: the value is no plain text /);
});

onTerminal('shows text with line ends of either kind', async () => {
  const { code, out } = await typeOnTerminal(['get', 'k', ...(await start(valueOf('a\tb\r\nc\n')))]);
  expect({ code, out }).toEqual({ code: 0, out: 'a\tb\r\r\nc\r\n' });
});
