// A request that offers to change the protocol, to one this node does not speak: the offer is
// ignored and the request served (RFC 9110, 7.8). Once somebody listens for upgrades, Node.js takes
// every such request out of HTTP: its socket has no parser any more, and what follows the head
// belongs to nobody. Newer versions can be told to leave it in, but then they lose what was
// pipelined behind it in one packet. So the head is read again without its offer, and then what
// follows it. A packet can hold hundreds of offers, and each waits for the answer of the one before
// it. Nothing more is read of the connection until the packet is used up.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { holdReading } from './held-reading';
import { afterAnswers } from './owed-answers';

/** Headers of the offer itself; meaningless once it is ignored. */
const OFFER_HEADERS: ReadonlySet<string> = new Set(['upgrade', 'http2-settings']);

/** Keeps the account of bytes that were read before their turn; negative when it has come. */
export type ReadAheadAccount = (socket: Socket, bytes: number) => void;

/**
 * For the `upgrade` event: serves the request, its body, and whatever follows on the connection.
 * Answers that the connection still owes to earlier requests go first.
 */
export function serveWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  rest: Buffer,
  account: ReadAheadAccount,
): void {
  const { socket } = request;
  const bytes = Buffer.concat([headWithoutOffer(request), rest]);
  const readOn = holdReading(socket);
  // Nobody else listens meanwhile, and an error without a listener would end the process.
  socket.on('error', ignore);
  account(socket, bytes.length);
  afterAnswers(socket, () => {
    socket.off('error', ignore);
    account(socket, -bytes.length);
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    readAgain(server, socket, bytes);
    readOn();
  });
}

/** Not by putting them back: Node.js would read more whenever it takes them out again. */
function readAgain(server: Server, socket: Socket, bytes: Buffer): void {
  socket.setTimeout(server.timeout);
  // Node.js takes it for new. Who counts connections knows it already.
  server.emit('connection', socket);
  socket.resume();
  socket.emit('data', bytes);
}

/**
 * As it came, but for the offer; the parser has seen to it that no name or value contains a line
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
