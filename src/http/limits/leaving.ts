// How a node that ends parts from its clients. Each connection ends behind an answer that says so
// (RFC 9112, 9.6), and none before what was answered has left: then whoever sent several requests
// at once knows which of them were not answered.
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { owedAnswer } from '../owed-answers';
import { PlainResponse } from '../plain/plain-response';

/** What Node.js keeps on its servers, and leaves out of its types. */
interface IdleConnections {
  idle(): readonly { readonly socket: Socket }[];
}

/**
 * Node.js takes a connection for idle as soon as its answer is made, and cuts what has not been
 * sent of it and what is behind it in line.
 */
export function closeOnlyIdle(server: Server): void {
  server.closeIdleConnections = () => {
    for (const { socket } of idleOf(server)) if (owedAnswer(socket) === null) socket.destroy();
  };
}

/** Connections of which no part of a request is waiting for the rest. */
function idleOf(server: Server): readonly { readonly socket: Socket }[] {
  const names = Object.getOwnPropertySymbols(server) as (keyof Server & symbol)[];
  // It is there once the server listens.
  const name = names.find((each) => each.description === 'http.server.connections');
  return name === undefined ? [] : (server[name] as unknown as IdleConnections).idle();
}

/** @param answers the last of each connection: no request behind them is answered */
export function sayLast(answers: Iterable<ServerResponse | PlainResponse>): void {
  for (const answer of answers) {
    if (answer.headersSent) continue;
    if (answer instanceof PlainResponse) answer.isLast = true;
    else answer.shouldKeepAlive = false;
  }
}
