// Polls GET /peers of several nodes until each says something about one member; a second opinion
// beside the logs.
import { until } from '../../support/basics/until';
import { HttpConnection } from '../load/http-connection';
import type { PeerSeen, ReadyNode } from './cluster';

/**
 * When each of `watchers` first answered that `holds` is true of member `id`, on the wall clock, in
 * their order. Throws after `limitMs`.
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
  try {
    return await until(
      async () => {
        const { body } = await connection.request('GET', '/peers');
        const { peers } = JSON.parse(body.toString('utf8')) as { peers: PeerSeen[] };
        return holds(peers.find((peer) => peer.id === id)) ? Date.now() : 0;
      },
      `port ${port} changes its mind about ${id}`,
      limitMs,
    );
  } finally {
    connection.close();
  }
}
