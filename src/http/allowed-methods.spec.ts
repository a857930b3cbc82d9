import { AllowedMethods } from './allowed-methods';

it('lists what a path offers, wildcards and parameters included', () => {
  const allowed = new AllowedMethods();
  allowed.add('/keys', 'GET');
  allowed.add('/keys', 'HEAD');
  allowed.add('/data/*', ['GET', 'PUT']);
  allowed.add('/assets/:name', 'GET');
  expect(allowed.of('/keys')).toBe('GET, HEAD, OPTIONS');
  expect(allowed.of('/data/-')).toBe('GET, OPTIONS, PUT');
  expect(allowed.of('/assets/x.js')).toBe('GET, OPTIONS');
  expect(allowed.of('/assets/x/y')).toBeNull();
  expect(allowed.of('/other')).toBeNull();
});
