// What GET /status tells of the settings in effect.
import type { NodeSettings } from '../../config/settings';
import { snakeCased } from '../../http/snake-case';

/** Of the secret, and of the address of servers, only whether there is one. */
export function configBody({ clusterSecret, store, ...settings }: NodeSettings): unknown {
  const shown = {
    clusterSecret: clusterSecret === null ? 'unset' : 'set',
    store: store === null ? 'unset' : 'set',
  };
  return snakeCased({ ...settings, ...shown });
}
