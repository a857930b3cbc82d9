import { isPlain, nodeAddress, peerAddress, portOf } from './addresses';
import { errorCode } from '../../test/support/basics/error-code';

it.each([
  ['localhost:8081', 'http://localhost:8081/'],
  [' 10.0.0.1:8081 ', 'http://10.0.0.1:8081/'],
  ['[::1]:8081', 'http://[::1]:8081/'],
  ['https://repram.example', 'https://repram.example/'],
  ['https://gateway.example/repram/a', 'https://gateway.example/repram/a/'],
  ['http://a:80//', 'http://a/'],
])('reads %j as %j', (given, address) => expect(nodeAddress(given)).toBe(address));

it.each(['', 'ftp://a', 'http://', 'http://user:secret@a', 'http://a?b', 'http://a#b', 'a:99999'])(
  'refuses %j',
  (given) => expect(errorCode(() => nodeAddress(given))).toBe('argument-invalid'),
);

it('knows a gateway by https and by a prefix', () => {
  expect(['http://a:1/', 'https://a/', 'http://a/b/'].map(isPlain)).toEqual([true, false, false]);
  expect(['http://a:1/', 'https://a/', 'http://a/'].map(portOf)).toEqual([1, 443, 80]);
});

describe('a peer can be reached', () => {
  const from = (teller: string, address: string): string | null => peerAddress(teller, { address, port: 9 });

  it('where its teller is, when the teller knows it by loopback', () => {
    expect(from('http://repram.example:8/', '127.0.0.1')).toBe('http://repram.example:9/');
    expect(from('http://[::1]:8/', '::1')).toBe('http://[::1]:9/');
  });

  it('at its public address from everywhere', () => {
    expect(from('http://repram.example:8/', '192.0.2.7')).toBe('http://192.0.2.7:9/');
    expect(from('http://127.0.0.1:8/', '2001:db8::7')).toBe('http://[2001:db8::7]:9/');
  });

  it.each(['10.1.2.3', '172.20.0.1', '192.168.1.1', '169.254.1.1', '100.64.0.1', 'fd00::1', 'fe80::1'])(
    'at the private address %s only from within',
    (address) => {
      expect(from('http://repram.example:8/', address)).toBeNull();
      expect(from('http://198.51.100.1:8/', address)).toBeNull();
      for (const near of ['10.0.0.1', 'localhost', 'repram', 'a.internal', '[fd00::2]'])
        expect(from(`http://${near}:8/`, address)).not.toBeNull();
    },
  );

  it('nowhere, when what is told is no address', () =>
    expect(from('http://a:8/', 'not an address')).toBeNull());
});
