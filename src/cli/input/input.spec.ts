import { InputError } from '../cli-error';
import { readCliEnvironment } from '../environment';
import { parseSeconds } from './duration';
import { encodedKey, parseKey, parsePrefix, printable } from './key';
import { chooseNodes } from './nodes';
import { parseWhole } from './numbers';

const refusal = (field: string, value: string): object => expect.objectContaining({ field, value }) as object;

describe('a span of time', () => {
  it.each([
    ['600', 600],
    ['0.5', 0.5],
    ['90s', 90],
    ['10m', 600],
    ['1h30m', 5400],
    ['1d', 86_400],
    ['1.5h', 5400],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseSeconds('--ttl', text)).toBe(seconds);
  });

  it.each(['', '0', '0s', '-1', '1w', '10 m', 'm', '1h30', '1e3', 'Infinity', '1..5'])(
    '%j is refused',
    (text) => {
      expect(() => parseSeconds('--ttl', text)).toThrow(InputError);
    },
  );
});

describe('a whole number', () => {
  it('is within its bounds, which a refusal names', () => {
    expect(parseWhole('--limit', '7', 1, 9)).toBe(7);
    for (const text of ['0', '10', '1.5', '', ' 1', '1e0', '-1']) {
      expect(() => parseWhole('--limit', text, 1, 9)).toThrow('allowed is a whole number from 1 to 9');
    }
  });
});

describe('a key', () => {
  it('is the text that was typed, or what its percent-encoding stands for', () => {
    expect(parseKey('a%2Fb', false)).toBe('a%2Fb');
    expect(parseKey('a%2Fb%0A%C3%BC', true)).toBe('a/b\nü');
    expect(parsePrefix('', false)).toBe('');
  });

  it.each([
    ['', false],
    ['', true],
    ['%', true],
    ['%FF', true],
    ['broken\uFFFD', false],
    ['k'.repeat(65_537), false],
  ])('%j is refused (encoded: %s)', (text, isEncoded) => {
    expect(() => parseKey(text, isEncoded)).toThrow(refusal('KEY', text) as Error);
  });

  it('comes back from its encoding, whatever it holds', () => {
    for (const key of ['a/b', 'ü \n%', '\u0000', '-x', '?&#']) {
      expect(parseKey(encodedKey(key), true)).toBe(key);
    }
  });

  it('shows nothing on a terminal that would command it', () => {
    expect(printable('a\u001B[2Jb\n')).toBe('a%1B[2Jb%0A');
    expect(printable('right\u202Eleft')).toBe('right%E2%80%AEleft');
    expect(printable('ü日🙂 %')).toBe('ü日🙂 %');
  });
});

describe('the choice of nodes', () => {
  const choose = (given: string | undefined, env: Record<string, string> = {}) =>
    chooseNodes(given, readCliEnvironment(env));

  it('is what --node names, else REPRAM_NODES', () => {
    expect(choose('a:1, [::1]:2 http://b/path/', { REPRAM_NODES: 'c:3' }).urls).toEqual([
      'http://a:1',
      'http://[::1]:2',
      'http://b/path',
    ]);
    expect(choose(undefined, { REPRAM_NODES: 'c:3,c:3,https://d' })).toEqual({
      urls: ['http://c:3', 'https://d'],
      told: 'c:3, c:3, https://d',
      isNamed: true,
      problem: null,
    });
  });

  it('takes a range of ports', () => {
    expect(choose('a:8-10').urls).toEqual(['http://a:8', 'http://a:9', 'http://a:10']);
    expect(choose('[::1]:8-9').urls).toEqual(['http://[::1]:8', 'http://[::1]:9']);
  });

  it('is otherwise the range where nodes of this machine claim ports', () => {
    const { urls, told, isNamed } = choose(undefined);
    expect([urls.length, urls[0], told, isNamed]).toEqual([
      10,
      'http://127.0.0.1:8081',
      '127.0.0.1:8081-8090',
      false,
    ]);
    const moved = choose(undefined, { BASE_PORT: '9001', MAX_PORTS: '2', REPRAM_BIND_ADDRESS: '127.0.0.2' });
    expect(moved.urls).toEqual(['http://127.0.0.2:9001', 'http://127.0.0.2:9002']);
    const many = choose(undefined, { BASE_PORT: ' 9001', MAX_PORTS: '500' });
    expect([many.told, many.problem]).toEqual(['127.0.0.1:9001-9100', null]);
    const service = choose(undefined, { BASE_PORT: 'tcp://10.0.0.1:80' });
    expect([service.told, service.problem]).toEqual(['127.0.0.1:8081-8090', null]);
  });

  it.each(['', ',', 'a', 'a:0', 'a:70000', 'a:2-1', 'a:1-200', 'ftp://a', 'http://u:p@a', '::1:5', 'a:1,b'])(
    '%j is refused',
    (text) => {
      expect(() => choose(text)).toThrow(InputError);
    },
  );
});

describe('the range of this machine', () => {
  const problemOf = (env: Record<string, string>): InputError | null =>
    chooseNodes(undefined, readCliEnvironment(env)).problem;

  it.each([
    [{ BASE_PORT: 'foo' }, 'BASE_PORT is "foo"; allowed is a whole number from 1 to 65535'],
    [{ BASE_PORT: '0' }, 'BASE_PORT is "0"; allowed is a whole number'],
    [{ MAX_PORTS: '0' }, 'MAX_PORTS is "0"; allowed is a whole number from 1 to 1000'],
    [{ MAX_PORTS: '1001' }, 'MAX_PORTS is "1001"; allowed is a whole number'],
    [{ BASE_PORT: '65530' }, 'MAX_PORTS is "10"; allowed is at most 6 with BASE_PORT 65530'],
    [{ REPRAM_BIND_ADDRESS: 'a:1' }, 'REPRAM_BIND_ADDRESS is "a:1"; allowed is an IP address'],
  ])('is wrong with %j, as it is for nodes', (env, message) => {
    expect(problemOf(env)?.message).toContain(message);
    const named = chooseNodes('a:1', readCliEnvironment(env));
    expect(named.problem).toBeNull();
  });
});

describe('colours', () => {
  it.each([
    [{}, null],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, null],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'dumb', FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
  ])('of the environment %j are %s', (env, colors) => {
    expect(readCliEnvironment(env).colors).toBe(colors);
  });
});
