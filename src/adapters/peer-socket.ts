// What both ends of a peer socket have in common: its limits, its reading of messages, and the
// greeting that decides whether it becomes a link.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import { LIMITS } from '../core/base/limits';
import type { NodeIdentity } from '../core/base/identity';
import type { RejectCode } from '../core/wire/greeting';
import type { Handshake } from './greeting-handshake';
import { FRAME_SEAL_BYTES, type FrameSeal } from './link-proof';
import { CHANNEL_TOKEN } from './secure-channel';

export const GOSSIP_PATH = '/gossip';

/**
 * Whether an upgrade is one that nodes ask of each other. Links have no business with any other
 * one.
 */
export function isPeerUpgrade({ url, headers }: IncomingMessage): boolean {
  const token = headers.upgrade?.toLowerCase();
  return url?.split('?', 1)[0] === GOSSIP_PATH && (token === 'websocket' || token === CHANNEL_TOKEN);
}

/** Header of the upgrade by which a dialer names its cluster before it greets. A hint, no proof. */
export const CLUSTER_HEADER = 'x-repram-cluster';

/**
 * Header of the upgrade by which a dialer says that servers hold its values (REPRAM_STORE_URL).
 * Such a node and one that holds values itself are no peers: each would count on copies of the
 * other.
 */
export const VALUES_HEADER = 'x-repram-values';
export const VALUES_IN_SERVERS = 'in-servers';

/** Header of the upgrade by which such a dialer says what the id of its store is, if it knows. */
export const STORE_HEADER = 'x-repram-store';

/** Milliseconds until a socket that is being closed is destroyed, its peer's answer or not. */
export const CLOSE_LIMIT_MS = 1000;

/**
 * Options of `ws` for both ends. Compression would cost more than the opaque values could gain. No
 * node fragments its messages or sends pings of the WebSocket itself. Answers to those would pile
 * up for a caller that reads nothing.
 */
export const SOCKET_OPTIONS = {
  perMessageDeflate: false,
  autoPong: false,
  maxFragments: 16,
  maxBufferedChunks: 4096,
  maxPayload: LIMITS.frameBytesMax + FRAME_SEAL_BYTES,
  closeTimeout: CLOSE_LIMIT_MS,
} as const;

/** RFC 6455, 7.4.1: a message that violates the policy of this end. */
export const POLICY_VIOLATION = 1008;

/**
 * Between hosts a dial with its greeting has this many times as long. The connection, the upgrade,
 * TLS, the WebSocket within and the greeting take seven round trips, and four without a secret.
 * They must not fail at a second each.
 */
export const FAR_PATIENCE = 5;

/** Until another host has answered at all: one round trip, or two where a packet is lost. */
export const CONNECT_PATIENCE = 2;

/** A greeted socket. */
export interface Proven {
  readonly socket: WebSocket;
  /** What the WebSocket runs over. */
  readonly connection: Socket;
  readonly identity: NodeIdentity;
  /** Null without a secret and where TLS protects the frames. */
  readonly seal: FrameSeal | null;
}

export type GreetingResult =
  | { readonly kind: 'proven'; readonly identity: NodeIdentity; readonly seal: FrameSeal | null }
  /** `code` says why this end refused, or with `rejected` why the other one did. */
  | { readonly kind: 'refused'; readonly code: RejectCode; readonly detail: string }
  | { readonly kind: 'rejected'; readonly code: RejectCode }
  | { readonly kind: 'junk'; readonly problem: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'closed' };

/** The bytes of a binary message; null for text, which no node ever sends. */
export function binaryMessage(data: RawData, isBinary: boolean): Buffer | null {
  return isBinary && Buffer.isBuffer(data) ? data : null;
}

/**
 * Why `ws` gave up on what it received (a broken or oversized frame). Null for errors of the
 * connection itself.
 */
export function protocolViolation(error: Error): string | null {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return code.startsWith('WS_ERR_') ? error.message : null;
}

/**
 * Greets over an open socket and calls `done` once. Only a proven socket is still of use
 * afterwards. Its further messages go to the listener that is there by the end of `done`. Any other
 * socket is being closed.
 */
export function greet(
  socket: WebSocket,
  handshake: Handshake,
  limitMs: number,
  done: (result: GreetingResult) => void,
): void {
  const timer = setTimeout(() => {
    finish({ kind: 'timeout' });
    socket.terminate();
  }, limitMs);
  socket.on('message', onMessage);
  socket.on('error', onError);
  socket.on('close', onClose);
  if (handshake.opening !== null) socket.send(handshake.opening);

  function finish(result: GreetingResult): void {
    clearTimeout(timer);
    socket.off('message', onMessage);
    socket.off('close', onClose);
    // The error listener stays: an error without one would end the process.
    socket.off('error', onError);
    socket.on('error', ignore);
    done(result);
  }

  function onMessage(data: RawData, isBinary: boolean): void {
    const bytes = binaryMessage(data, isBinary);
    const step = bytes === null ? textMessage : handshake.receive(bytes);
    if ('frame' in step && step.frame !== null) socket.send(step.frame);
    if (step.kind === 'reply') return;
    finish(step);
    if (step.kind !== 'proven') socket.close(POLICY_VIOLATION, step.kind);
  }

  function onError(error: Error): void {
    const problem = protocolViolation(error);
    if (problem !== null) finish({ kind: 'junk', problem });
  }

  function onClose(): void {
    finish({ kind: 'closed' });
  }
}

const textMessage = { kind: 'junk', problem: 'a text message' } as const;

function ignore(): void {
  // The close that follows every error says all there is to say.
}
