// Tells an upgrade that a node sent from one that came through a proxy. A proxy's address says
// nothing about who asks. A node sends few headers and adds none. Whatever else is there was put in
// on the way (X-Forwarded-For, Forwarded, Via, X-Real-IP, CF-Connecting-IP ...), under names that
// no list would hold all of. A proxy that adds nothing cannot be told from a node.
import type { IncomingHttpHeaders } from 'node:http';

const SENT_BY_NODES = /^(host|connection|upgrade|sec-websocket-.+|x-repram-.+)$/;

/** For a message: a name is as long as its sender likes. */
const NAME_LENGTH_MAX = 64;

/** The first header that no node sends; null when there is none. */
export function strangeHeader(headers: IncomingHttpHeaders): string | null {
  for (const name of Object.keys(headers)) {
    if (!SENT_BY_NODES.test(name)) return name.slice(0, NAME_LENGTH_MAX);
  }
  return null;
}
