// Keys for tests: cheap ones where only both ends must agree, and the real ones, which take a fifth
// of a second, made once.
import { createHash } from 'node:crypto';
import { clusterKeys, type ClusterKeys } from '../../../src/adapters/cluster-keys';

export function cheapKeys(secret: string | null): ClusterKeys | null {
  if (secret === null) return null;
  const hash = (purpose: string): Buffer => createHash('sha256').update(`${purpose} ${secret}`).digest();
  return { channel: hash('channel'), greeting: hash('greeting') };
}

const made = new Map<string, Promise<ClusterKeys>>();

/** What a node of this cluster derives from its secret. */
export function realKeys(secret: string, cluster: string): Promise<ClusterKeys> {
  const name = JSON.stringify([secret, cluster]);
  const keys = made.get(name) ?? clusterKeys(secret, cluster);
  made.set(name, keys);
  return keys;
}
