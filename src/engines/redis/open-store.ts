// Makes the engine out of the settings of a node. Loading this loads the client of the servers.
import { readFileSync } from 'node:fs';
import type { Log } from '../../adapters/log';
import type { NodeSettings } from '../../config/settings';
import { endpointText, type StoreAddress, storeText } from '../../config/store-address';
import { RedisEngine, type StoreTally } from './redis-engine';

export interface StoreNode {
  readonly id: string;
  readonly settings: NodeSettings;
  /** Of the keys of one page of a list, at most. */
  readonly pageBytes: number;
  readonly isDraining: () => boolean;
  /** So many bytes came in Buffers of their own. */
  readonly onRead: (bytes: number) => void;
  readonly tally: StoreTally;
  /** Each time the id of the store was read; null while it cannot be. */
  readonly onStoreId: (id: string | null, askedAtMs: number) => void;
  readonly log: Log;
}

/** More would only be written later. */
const WRITE_BYTES_MAX = 128 * 1024 * 1024;

export function openStore(address: StoreAddress, node: StoreNode): RedisEngine {
  const { settings, id, pageBytes, isDraining, onRead, tally, onStoreId, log } = node;
  const { storeCaFile, storeTimeoutMs, writeTimeoutMs, cluster, replicationFactor, ttlMaxSeconds } = settings;
  const ca = storeCaFile === '' ? {} : { ca: readFileSync(storeCaFile) };
  return new RedisEngine({
    servers: {
      isCluster: address.kind === 'cluster',
      endpoints: address.endpoints.map(endpointText),
      username: address.username,
      password: address.password,
      database: address.database,
      tls: address.hasTls ? ca : null,
      timeoutMs: storeTimeoutMs,
      waitMs: writeTimeoutMs,
      onRead,
    },
    shownUrl: storeText(address),
    origin: id,
    cluster,
    replicationFactor,
    ttlMaxSeconds,
    // Room for values that come from elsewhere, of which there is none from peers.
    readBytesMax: settings.assemblyBytesMax,
    // And what it would store itself.
    writeBytesMax: Math.min(WRITE_BYTES_MAX, Math.max(settings.storageBytesMax, 2 * settings.valueBytesMax)),
    pageBytes,
    isDraining,
    tally,
    onStoreId,
    log,
  });
}
