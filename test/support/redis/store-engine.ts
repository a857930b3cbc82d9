// The second engine as tests make it: against given servers, with names of its own.
import { randomBytes } from 'node:crypto';
import { parseStoreUrl } from '../../../src/config/store-address';
import { openStore } from '../../../src/engines/redis/open-store';
import type { RedisEngine } from '../../../src/engines/redis/redis-engine';
import type { NodeSettings } from '../../../src/config/settings';
import { recordingLog, testSettings, type LogLine } from '../fakes/fake-node';

/** Of the keys of one page, at most. */
export const PAGE_BYTES = 256 * 1024;

export interface StoreUnderTest {
  /** Of the node that writes. */
  readonly id: string;
  readonly engine: RedisEngine;
  readonly lines: LogLine[];
  close(): void;
}

export function newClusterName(): string {
  return `test-${randomBytes(4).toString('hex')}`;
}

export function openTestStore(url: string, changes: Partial<NodeSettings> = {}): StoreUnderTest {
  const address = parseStoreUrl(url);
  if (address === null) throw new Error(`no address of a store: ${url}`);
  const { log, lines } = recordingLog();
  const id = randomBytes(8).toString('hex');
  const engine = openStore(address, {
    id,
    settings: testSettings({ cluster: newClusterName(), ...changes }),
    pageBytes: PAGE_BYTES,
    isDraining: () => false,
    onRead: () => undefined,
    onStoreId: () => undefined,
    tally: { read: () => undefined, settled: () => undefined, expired: () => undefined },
    log,
  });
  return { id, engine, lines, close: () => engine.close() };
}
