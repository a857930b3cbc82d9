import { Repram } from './repram';
import type { RepramOptions } from './options';

const NODES = '127.0.0.1:1';
const refusal = (message: string): object =>
  expect.objectContaining({ name: 'RepramError', code: 'argument-invalid', message }) as object;

/** What is thrown at once rejects like all else. */
function later(call: () => unknown): Promise<unknown> {
  return Promise.resolve().then(call);
}

describe('a client', () => {
  it.each<[unknown, string]>([
    [undefined, 'options is undefined; it must be an object.'],
    [{}, 'nodes is undefined; it must be text, or a list.'],
    [{ nodes: 5 }, 'nodes is 5; it must be text, or a list of texts.'],
    [{ nodes: '127.0.0.1:0' }, '"127.0.0.1:0" is no address of a node: nobody listens at port 0.'],
    [{ nodes: NODES, fetch: 5 }, 'fetch is 5; it must be a function.'],
    [{ nodes: NODES, learnNodes: 'no' }, 'learnNodes is "no"; it must be true or false.'],
    [{ nodes: NODES, timeoutMs: '100' }, 'timeoutMs is "100"; it must be a number.'],
    [{ nodes: NODES, encryptionKey: 5 }, 'encryptionKey must be bytes, text or a CryptoKey.'],
    [{ nodes: NODES, node: NODES }, 'There is no option "node".'],
  ])('refuses to be made with %j', (options, message) => {
    expect(() => new Repram(options as RepramOptions)).toThrow(refusal(message) as Error);
  });
});

describe('a call', () => {
  const repram = new Repram({ nodes: NODES });
  const most = 'it must be above 0, and at most 9007199254740991.';
  const kinds = 'it must be text, bytes, a Blob or a function that gives a stream.';

  it.each<[() => unknown, string]>([
    [() => repram.put('k', 'v', null as never), 'options is null; it must be an object.'],
    [() => repram.put('k', 'v', { ttl: 600 } as never), 'There is no option "ttl".'],
    [() => repram.put('k', 'v', { ttlSeconds: 1e21 }), `ttlSeconds is 1e+21; ${most}`],
    [() => repram.put('k', undefined as never), `The value is undefined; ${kinds}`],
    [() => repram.put('k', 5 as never), `The value is 5; ${kinds}`],
    [() => repram.put('k', {} as never), `The value is an object; ${kinds}`],
    [() => repram.put('k', '\ud800'), 'The value is not Unicode: half a surrogate pair.'],
    [() => repram.get(5 as never), 'The key cannot be used: it is 5, not text or bytes.'],
    [() => repram.has('k', { signal: 1 as never }), 'signal is 1; it must be an AbortSignal.'],
    [() => later(() => repram.keys({ pageSize: '5' as never })), 'pageSize is "5"; it must be a number.'],
    [() => later(() => repram.watch({ prefix: 5 as never })), 'prefix is 5; it must be text.'],
    [() => repram.status({ timeoutMs: '1' as never }), 'timeoutMs is "1"; it must be a number.'],
  ])('refuses what it cannot take: %s', async (call, message) => {
    await expect(call()).rejects.toEqual(refusal(message));
  });
});
