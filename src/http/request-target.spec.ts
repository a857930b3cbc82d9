import { routedTarget, splitDataTarget } from './request-target';

it.each([
  ['/data/a', '/data/-'],
  ['/data/%ZZ?ttl=1', '/data/-'],
  ['/data', '/data/-'],
  ['/data?ttl=1', '/data/-'],
  ['/data//', '/data/-'],
  ['http://host:1/data/a', '/data/-'],
  ['HTTP://host/keys?limit=1', '/keys?limit=1'],
  ['http://host', '/'],
  ['http://host?x', '/?x'],
  ['/database', '/database'],
  ['/v1/data/a%2Fb?ttl=1', '/v1/data/-'],
  ['/v1/data', '/v1/data/-'],
  ['http://host/v1/data/%ZZ', '/v1/data/-'],
  ['/v1/database', '/v1/database'],
  ['/v1', '/v1'],
  ['/v2/data/a', '/v2/data/a'],
  ['/%ZZ', '/%ZZ'],
  ['//', '//'],
  ['*', '*'],
  ['ftp://host/data/a', 'ftp://host/data/a'],
])('routes %j as %j', (target, routed) => {
  expect(routedTarget(target)).toBe(routed);
});

it.each([
  ['/data/a/b', 'a/b', ''],
  ['/data/a?ttl=1&w=1', 'a', 'ttl=1&w=1'],
  ['/data/a?b?c', 'a', 'b?c'],
  ['/data//a', '/a', ''],
  ['/data/', '', ''],
  ['/data', '', ''],
  ['/d%61ta/a%2Fb', 'a%2Fb', ''],
  ['/v1/data/a/b?ttl=1', 'a/b', 'ttl=1'],
  ['/v1/data/', '', ''],
  ['/v1/data', '', ''],
  ['/%761/d%61ta/v1/data', 'v1/data', ''],
  ['/data/v1/data/a', 'v1/data/a', ''],
])('finds in %j the key %j and the query %j', (target, encodedKey, query) => {
  expect(splitDataTarget(target)).toEqual({ encodedKey, query });
});
