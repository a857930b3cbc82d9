import type { Socket } from 'node:net';
import { Writers } from './writers';

const from = (remoteAddress: string): Socket => ({ remoteAddress }) as Socket;
const EXEMPT = ['127.0.0.0/8', '10.0.0.0/8', 'fc00::/7'];

describe.each<
  [string, boolean | readonly string[], string, string | undefined, string | null, string | null]
>([
  ['a client that dials by itself', false, '203.0.113.5', undefined, '203.0.113.5', null],
  ['a dual-stack listener', false, '::ffff:203.0.113.5', undefined, '203.0.113.5', null],
  ['an IPv6 client', false, '2001:db8:1:2:3::4', undefined, '2001:db8:1:2::/64', null],
  ['an exempt client', false, '10.1.2.3', undefined, null, null],
  ['an exempt client of a dual-stack listener', false, '::ffff:127.0.0.1', undefined, null, null],
  ['a hop of nobody that is trusted', false, '203.0.113.5', '198.51.100.1', '203.0.113.5', null],
  ['a proxy in an exempt network that is not named', false, '10.1.2.3', '198.51.100.1', null, null],
  ['a named proxy', ['192.0.2.0/24'], '192.0.2.9', '198.51.100.1', '198.51.100.1', null],
  ['an exempt client of a named proxy', ['192.0.2.0/24'], '192.0.2.9', '10.9.9.9', null, null],
  ['a named proxy in an exempt network', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1', '198.51.100.1', null],
  ['a named proxy that names no hop', ['192.0.2.0/24'], '192.0.2.9', undefined, '192.0.2.9', null],
  ['any proxy', true, '192.0.2.9', '198.51.100.1', '192.0.2.9 198.51.100.1', '192.0.2.9'],
  ['any proxy that names an exempt hop', true, '192.0.2.9', '10.9.9.9', '192.0.2.9 10.9.9.9', '192.0.2.9'],
  ['any proxy, when it has an exempt address', true, '10.1.2.3', '198.51.100.1', '198.51.100.1', null],
  ['a socket that is gone', false, '', undefined, '', null],
])('a write of %s', (_, trust, address, forwardedFor, client, socket) => {
  it(`is charged to ${client ?? 'nobody'}${socket === null ? '' : ' and to the socket'}`, () => {
    const expected = client === null ? null : { client, socket };
    expect(new Writers(trust, EXEMPT).of(from(address), forwardedFor)).toEqual(expected);
  });
});
