// A way to a server, made by TCP or TLS, and given up where it does not stand in time.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly ca?: Buffer } | null;
}

const KEEP_ALIVE_MS = 10_000;
/** What OpenSSL says where the first bytes are none of TLS. */
const NO_TLS = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);
const PROBLEM_LENGTH_MAX = 200;

/**
 * The socket closes where this fails.
 *
 * @param onStanding bytes can be written
 * @param onProblem why it closes
 */
export function dial(
  { host, port, tls }: Peer,
  withinMs: number,
  onStanding: () => void,
  onProblem: (problem: string) => void,
): Socket {
  const socket = tls === null ? connect({ host, port }) : connectTls({ host, port, ...tls });
  let isConnected = false;
  const late = setTimeout(() => {
    onProblem(lateText(withinMs, isConnected));
    socket.destroy();
  }, withinMs);
  socket.setNoDelay(true);
  socket.once('connect', () => {
    isConnected = true;
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
  });
  socket.once(tls === null ? 'connect' : 'secureConnect', () => {
    clearTimeout(late);
    onStanding();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => onProblem(textOf(error)));
  socket.once('close', () => clearTimeout(late));
  return socket;
}

function lateText(withinMs: number, isConnected: boolean): string {
  return isConnected
    ? `ETIMEDOUT: no TLS within ${withinMs} ms; a server that speaks none says nothing`
    : `ETIMEDOUT: no connection within ${withinMs} ms`;
}

function textOf({ code, message }: NodeJS.ErrnoException): string {
  if (code !== undefined && NO_TLS.has(code)) return `the server speaks no TLS (${code})`;
  const text = message.slice(0, PROBLEM_LENGTH_MAX);
  return code === undefined ? text : `${code}: ${text}`;
}
