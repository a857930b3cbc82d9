// What follows for a node from the address it is bound to.
import { readNodeSettings } from './read-settings';

it.each([
  ['', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.2', '127.0.0.2'],
  ['127.255.255.254', '127.255.255.254'],
  ['127.255.255.255', '127.0.0.1'],
  ['::1', '127.0.0.1'],
  ['192.0.2.7', '127.0.0.1'],
])('a node that is bound to "%s" is of the host whose loopback is %s', (bindAddress, loopback) => {
  const hostId = (of: string): string => `host of ${of}`;
  const result = readNodeSettings({ REPRAM_BIND_ADDRESS: bindAddress }, { hostId });
  expect(result).toMatchObject({
    settings: { bindAddress, loopback, hostId: `host of ${loopback}` },
  });
});
