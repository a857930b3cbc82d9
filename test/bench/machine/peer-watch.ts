// Polls GET /peers of several nodes until each says something about one member; a second opinion beside the logs.
import { setTimeout as delay } from 'node:timers/promises';
import { HttpConnection } from '../load/http-connection';
import type { PeerSeen, ReadyNode } from './cluster';

const POLL_MS = 10;

/**
 * When each of `watchers` first answered that `holds` is true of member `id`, on the wall clock, in their order.
 * Throws after `limitMs`.
 */
export function watchPeer(
  watchers: readonly ReadyNode[],
  id: string,
  holds: (peer: PeerSeen | undefined) => boolean,
  limitMs: number,
): Promise<number[]> {
  return Promise.all(watchers.map(({ port }) => watchOne(port, id, holds, limitMs)));
}

async function watchOne(
  port: number,
  id: string,
  holds: (peer: PeerSeen | undefined) => boolean,
  limitMs: number,
): Promise<number> {
  const connection = await HttpConnection.open(port);
  const endMs = performance.now() + limitMs;
  try {
    while (performance.now() < endMs) {
      const { body } = await connection.request('GET', '/peers');
      const { peers } = JSON.parse(body.toString('utf8')) as { peers: PeerSeen[] };
      if (holds(peers.find((peer) => peer.id === id))) return Date.now();
      await delay(POLL_MS);
    }
  } finally {
    connection.close();
  }
  throw new Error(`port ${port} did not change its mind about ${id} within ${limitMs} ms`);
}
