// An answer that waits for the one before it when its connection ends. Node.js says `close` only of
// the answer that has the socket. Whatever is made for the others would go on, and what is held for
// them would be held for good: a stream of events, a list, a read that waits.
import type { ServerResponse } from 'node:http';

/** What Node.js keeps on its answers, and leaves out of its types. */
interface Closing {
  _closed: boolean;
}

/** Nobody will read it: says so as Node.js does, once. */
export function giveUp(response: ServerResponse): void {
  if (response.closed || response.socket !== null) return;
  response.destroy();
  (response as unknown as Closing)._closed = true;
  response.emit('close');
}
