// The name-resolving sources with a resolver of the test's making.
import { DomainSource } from './domain.source';
import { type Lookup, NameResolver } from './name-resolver';
import { portRange } from './port-range';
import { StaticPeersSource } from './static-peers.source';

const answering =
  (...addresses: string[]): Lookup =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address })));
const failing: Lookup = () => Promise.reject(new Error('ENOTFOUND'));
const hanging: Lookup = () => new Promise(() => undefined);

const domain = (lookup: Lookup, loopback = '127.0.0.1', discoveryDomain = 'fade.example') =>
  new DomainSource(
    { discoveryDomain, basePort: 8081, maxPorts: 2, loopback },
    new NameResolver(50, lookup),
    () => new Set(['10.0.0.5']),
  );

it('a range ends with the last port there is', () => {
  expect(portRange('h', 65_534, 10).map(({ port }) => port)).toEqual([65_534, 65_535]);
});

it('the domain adds the range on each foreign address, and nothing of this machine', async () => {
  const source = domain(answering('10.0.0.5', '127.0.0.1', '::1', '10.0.0.6', '10.0.0.6', '2001:db8::1'));
  expect(await source.endpoints()).toEqual([
    { address: '10.0.0.6', port: 8081 },
    { address: '10.0.0.6', port: 8082 },
    { address: '2001:db8::1', port: 8081 },
    { address: '2001:db8::1', port: 8082 },
  ]);
});

it('the domain adds other hosts on loopback to a host that is there itself', async () => {
  const source = domain(answering('127.0.0.1', '127.0.0.2', '127.0.0.3', '::1'), '127.0.0.2');
  const found = await source.endpoints();
  expect(found.map(({ address }) => address)).toEqual(['127.0.0.3', '127.0.0.3']);
});

it.each([
  ['does not exist', failing],
  ['is not answered in time', hanging],
])('a domain that %s adds nothing', async (_what, lookup) => {
  expect(await domain(lookup).endpoints()).toEqual([]);
});

it('localhost is not even asked for', async () => {
  const lookup = jest.fn(failing);
  expect(await domain(lookup, '127.0.0.1', 'localhost').endpoints()).toEqual([]);
  expect(lookup).not.toHaveBeenCalled();
});

it('a name is not asked for again while its last question hangs', async () => {
  const lookup = jest.fn(hanging);
  const resolver = new NameResolver(10, lookup);
  expect(await resolver.addresses('a.example')).toEqual([]);
  expect(await resolver.addresses('a.example')).toEqual([]);
  expect(lookup).toHaveBeenCalledTimes(1);
});

it('static peers are taken as literals or looked up, and keep their last address while the name fails', async () => {
  let lookup = answering('10.0.0.7', '10.0.0.8');
  const resolver = new NameResolver(50, (name) => lookup(name));
  const source = new StaticPeersSource(
    [
      { address: '192.0.2.1', port: 9000 },
      { address: 'peer.example', port: 9001 },
    ],
    resolver,
  );
  const expected = [
    { address: '192.0.2.1', port: 9000 },
    { address: '10.0.0.7', port: 9001 },
    { address: '10.0.0.8', port: 9001 },
  ];
  expect(await source.endpoints()).toEqual(expected);
  lookup = failing;
  expect(await source.endpoints()).toEqual(expected);
});
