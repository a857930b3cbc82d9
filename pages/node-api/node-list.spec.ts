import { addressesOf, NodeList } from './node-list';

const peer = (address: string, port: number, state: 'alive' | 'suspect' | 'dead' | 'left' = 'alive') => ({
  address,
  port,
  state,
});

describe('the addresses of peers', () => {
  it.each([
    [
      'a neighbour has the name of the page',
      'http://localhost:8081/',
      8081,
      peer('127.0.0.1', 8082),
      ['http://localhost:8082/'],
    ],
    [
      'a neighbour behind a mapped port cannot be reached',
      'http://localhost:38081/',
      8081,
      peer('127.0.0.1', 8082),
      [],
    ],
    [
      'a neighbour behind the path of a proxy cannot be reached',
      'http://localhost:8081/x/',
      8081,
      peer('127.0.0.1', 8082),
      [],
    ],
    [
      'a public one has its own address',
      'http://192.0.2.1:38081/',
      8081,
      peer('192.0.2.2', 38082),
      ['http://192.0.2.2:38082/'],
    ],
    [
      'over IPv6 too',
      'http://192.0.2.1:38081/',
      8081,
      peer('2001:db8::2', 38082),
      ['http://[2001:db8::2]:38082/'],
    ],
    ['a page over HTTPS may not ask over HTTP', 'https://fade.example/', 443, peer('192.0.2.2', 38082), []],
    ['a public page asks no private address', 'http://192.0.2.1:8081/', 8081, peer('10.1.2.3', 8082), []],
    [
      'a page at home may',
      'http://192.168.1.9:8081/',
      8081,
      peer('192.168.1.10', 8081),
      ['http://192.168.1.10:8081/'],
    ],
    ['one that is dead is none', 'http://localhost:8081/', 8081, peer('127.0.0.1', 8082, 'dead'), []],
    ['one that left is none', 'http://localhost:8081/', 8081, peer('127.0.0.1', 8082, 'left'), []],
    ['what is no address is none', 'http://192.0.2.1:8081/', 8081, peer('a b/c', 8082), []],
  ])('%s', (_title, page, ownPort, given, expected) => {
    expect(addressesOf(page, ownPort, [given])).toEqual(expected);
  });

  it('have those on the same host first', () => {
    const peers = [peer('192.0.2.2', 8081), peer('127.0.0.1', 8082)];
    expect(addressesOf('http://192.0.2.1:8081/', 8081, peers)).toEqual([
      'http://192.0.2.1:8082/',
      'http://192.0.2.2:8081/',
    ]);
  });
});

describe('the list', () => {
  it('goes from one to the next, says when all have failed, and begins anew', () => {
    const list = new NodeList('home/');
    list.learn(['one/', 'two/', 'home/']);
    expect(list.alternatives).toEqual(['one/', 'two/']);
    expect([list.fail(), list.current]).toEqual([false, 'one/']);
    expect([list.fail(), list.current]).toEqual([false, 'two/']);
    expect([list.fail(), list.current]).toEqual([true, 'home/']);
    expect([list.fail(), list.current]).toEqual([false, 'one/']);
  });

  it('stays where it is answered, and tries that one last when it fails', () => {
    const list = new NodeList('home/');
    list.learn(['one/']);
    list.fail();
    list.succeed();
    expect([list.fail(), list.current]).toEqual([false, 'home/']);
    expect([list.fail(), list.current]).toEqual([true, 'one/']);
  });

  it('with one node alone comes back to it', () => {
    const list = new NodeList('home/');
    expect([list.fail(), list.current, list.alternatives]).toEqual([true, 'home/', []]);
  });
});
