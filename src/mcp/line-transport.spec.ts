import { PassThrough } from 'node:stream';
import { LineTransport } from './line-transport';

/** What one line of the host comes to. */
async function read(line: string): Promise<{ heard: unknown[]; notes: string[]; answer: unknown }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const [heard, notes]: [unknown[], string[]] = [[], []];
  const transport = new LineTransport(input, output, (sentence) => notes.push(sentence));
  transport.onmessage = (message) => heard.push(message);
  await transport.start();
  input.write(`${line}\n`);
  await new Promise((resolve) => setImmediate(resolve));
  await transport.close();
  const text = (output.read() as Buffer | null)?.toString() ?? 'null';
  return { heard, notes, answer: JSON.parse(text) };
}

it.each([
  ['a method that is no text', '{"jsonrpc":"2.0","id":5,"method":5}', 5, -32_600],
  ['another version', '{"jsonrpc":"1.0","id":"a","method":"ping"}', 'a', -32_600],
  ['no method', '{"jsonrpc":"2.0","id":6}', 6, -32_600],
  ['a list of parameters', '{"jsonrpc":"2.0","id":7,"method":"ping","params":[1]}', 7, -32_602],
])('a message with %s is answered, and told of', async (_what, line, id, code) => {
  const { heard, notes, answer } = await read(line);
  expect(answer).toMatchObject({ jsonrpc: '2.0', id, error: { code } });
  expect(notes.join()).toContain('cannot be read');
  expect(heard).toEqual([]);
});

it.each(['[{"jsonrpc":"2.0","id":9,"method":"ping"}]', '[]', '{}', 'null', '"x"', '3', 'no JSON'])(
  '%s is told of',
  async (line) => {
    const { heard, notes, answer } = await read(line);
    expect({ heard, answer }).toEqual({ heard: [], answer: null });
    expect(notes.join()).toContain('cannot be read');
  },
);

it.each([
  '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  '{"jsonrpc":"2.0","method":"notifications/initialized","params":{}}',
  '{"jsonrpc":"2.0","id":1,"result":{}}',
  '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}',
])('%s is handed on', async (line) => {
  const { heard, notes } = await read(line);
  expect({ heard, notes }).toEqual({ heard: [JSON.parse(line)], notes: [] });
});
