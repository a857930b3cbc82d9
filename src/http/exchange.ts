// What the gates and the handlers of values know of a request and of its answer. Node.js's own
// objects are that, and so are those of the plain requests (./plain).
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type RequestHead = Pick<
  IncomingMessage,
  | 'method'
  | 'url'
  | 'headers'
  | 'rawHeaders'
  | 'socket'
  | 'complete'
  | 'httpVersion'
  | 'httpVersionMajor'
  | 'httpVersionMinor'
>;

/** An answer whose bytes its client may not have taken yet. */
export interface PendingAnswer {
  readonly req: { readonly socket: Socket };
  /** Null while it waits for the answer in front of it. */
  readonly socket: Socket | null;
  /** Once, when all of it was handed over, or when its connection is gone. */
  once(event: 'close', listener: () => void): unknown;
}

/** An answer in the making. */
export interface OpenAnswer
  extends Pick<ServerResponse, 'headersSent' | 'writeContinue' | 'writeProcessing'>, PendingAnswer {
  readonly req: RequestHead;
}
