// Who is attacked, and with which settings.
import type { NodeIdentity } from '../../../src/core/base/identity';
import type { CoreSettings } from '../../../src/core/base/settings';

export const VICTIM: NodeIdentity = {
  id: '5555555555555555',
  name: 'victim',
  cluster: 'test',
  hostId: 'host-a',
  listenPort: 8081,
  advertisedPort: 8081,
  addresses: [],
};

export const VICTIM_SETTINGS: CoreSettings = {
  ttlMinMs: 1000,
  ttlMaxMs: 86_400_000,
  valueBytesMax: 1024 * 1024,
  storageBytesMax: 16 * 1024 * 1024,
  queueBytesMax: 256 * 1024 * 1024,
  assemblyBytesMax: 64 * 1024 * 1024,
  replicationFactor: 3,
  expectedNodesMin: 1,
  expectedHostsMin: 1,
  writeTimeoutMs: 2000,
  clockOffsetMaxMs: 10_000,
};
