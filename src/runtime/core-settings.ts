// A node's settings in the core's units. HTTP and the environment speak seconds, the core
// milliseconds.
import type { NodeSettings } from '../config/settings';
import type { CoreSettings } from '../core/base/settings';

export function coreSettings(settings: NodeSettings): CoreSettings {
  return {
    ttlMinMs: settings.ttlMinSeconds * 1000,
    ttlMaxMs: settings.ttlMaxSeconds * 1000,
    valueBytesMax: settings.valueBytesMax,
    storageBytesMax: settings.storageBytesMax,
    queueBytesMax: settings.queueBytesMax,
    assemblyBytesMax: settings.assemblyBytesMax,
    replicationFactor: settings.replicationFactor,
    expectedNodesMin: settings.nodeCount,
    expectedHostsMin: settings.expectedHosts,
    writeTimeoutMs: settings.writeTimeoutMs,
    clockOffsetMaxMs: settings.clockOffsetMaxMs,
    inherited: settings.inherited,
    awaitedSources: settings.appName === null ? [] : ['flux'],
  };
}
