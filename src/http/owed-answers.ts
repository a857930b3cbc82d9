// Answers that a connection still owes to requests it has sent.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answer to an earlier request that is being made or sent. */
export function owedAnswer(socket: Socket): ServerResponse | null {
  // Node.js keeps the response that may write here; its own handling of errors looks at it too.
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? null;
}

/** The request that has come in part: what its connection sends now is its body. */
export function arrivingRequest(socket: Socket): IncomingMessage | null {
  const { parser } = socket as { parser?: { readonly incoming: IncomingMessage | null } | null };
  return parser?.incoming?.complete === false ? parser.incoming : null;
}

/** Calls `then` at once where nothing is owed, else when all of it was sent or given up. */
export function afterAnswers(socket: Socket, then: () => void): void {
  const owed = owedAnswer(socket);
  if (owed === null) {
    then();
    return;
  }
  // The next answer in line takes the socket before it can be asked for.
  owed.once('close', () => setImmediate(() => afterAnswers(socket, then)));
}
