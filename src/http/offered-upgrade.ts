// A request may offer to change to a protocol that this node does not speak. The offer is ignored
// and the request served (RFC 9110, 7.8). Once there is a listener for upgrades, Node.js takes
// every such request out of HTTP. Its socket has no parser any more, and nothing reads what follows
// the head. Newer versions can be told to leave it in, but then they lose what was pipelined behind
// it in one packet. So the head is put back without its offer, and read again.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Headers of the offer itself; meaningless once it is ignored. */
const OFFER_HEADERS: ReadonlySet<string> = new Set(['upgrade', 'http2-settings']);

/**
 * For the `upgrade` event: serves the request, its body, and whatever follows on the connection.
 * Answers that the connection still owes to earlier requests go first.
 */
export function serveWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Socket,
  rest: Buffer,
): void {
  const owed = owedAnswer(socket);
  if (owed === null) {
    readAgain(server, socket, Buffer.concat([headWithoutOffer(request), rest]));
    return;
  }
  // There is no other listener meanwhile, and an error without a listener would end the process.
  socket.on('error', ignore);
  owed.once('close', () => {
    // The next answer in line takes the socket before it can be asked for.
    setImmediate(() => {
      socket.off('error', ignore);
      if (socket.writable) serveWithoutUpgrade(server, request, socket, rest);
      else socket.destroy();
    });
  });
}

/** The answer to an earlier request that is being made or sent. */
export function owedAnswer(socket: Socket): ServerResponse | null {
  // Node.js keeps the response that may write here. Its own handling of errors looks at it too.
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? null;
}

function readAgain(server: Server, socket: Socket, bytes: Buffer): void {
  socket.setTimeout(server.timeout);
  socket.unshift(bytes);
  // Node.js reads it as if it were new. What counts connections knows it already.
  server.emit('connection', socket);
}

/**
 * As it came, but for the offer. The parser has made sure that no name or value contains a line
 * break.
 */
function headWithoutOffer({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method ?? 'GET'} ${url ?? '/'} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at], rawHeaders[at + 1]];
    const lowerName = name.toLowerCase();
    if (OFFER_HEADERS.has(lowerName)) continue;
    lines.push(`${name}: ${lowerName === 'connection' ? optionsWithoutOffer(value) : value}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function optionsWithoutOffer(connection: string): string {
  const options = connection.split(',').filter((option) => !OFFER_HEADERS.has(option.trim().toLowerCase()));
  return options.join(',').trim();
}

function ignore(): void {
  // The close that follows says all there is to say.
}
