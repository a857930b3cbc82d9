// Which connections a node takes. There is a limit in total and one for each client address. There
// is also a fixed charge in the ledger for each connection, because half a request's head costs
// memory long before there is a request. Where a limit is reached, the connection that has waited
// longest for a head makes room. So no client keeps others out by holding connections. Only where
// all of them are at work the new one is refused. This host and known peers always get in: a few
// places are kept for them.
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CONNECTION_BYTES, RESERVED_CONNECTIONS } from '../../config/connection-limits';
import { clientKey } from '../client-address';
import { owedAnswer } from '../owed-answers';
import { ClientAccount } from './client-account';
import { limitClosing } from './closing';
import { giveUp } from './given-up';
import type { Ledger } from './ledger';
import { refuseConnection } from './refused-connection';

/**
 * What a request costs that waits for the answer of the one before it on its connection: its
 * objects, and a small answer.
 */
const QUEUED_REQUEST_BYTES = 12 * 1024;
/** Requests that may wait so on one connection. */
const QUEUED_REQUESTS_MAX = 1024;

export interface ConnectionRules {
  readonly max: number;
  readonly perAddressMax: number;
  /** Bytes of bodies from one address. */
  readonly bytesPerAddressMax: number;
  /** `here`: this host itself. `proxy`: it speaks for many. `maybe-proxy`: so may any other. */
  readonly kindOf: (address: string) => 'here' | 'proxy' | 'maybe-proxy' | 'client';
  /** Takes an address as `clientKey` gives it. */
  readonly isPeer: (address: string) => boolean;
  /** Number of a descriptor from which on there are hardly any left; absent = there are enough. */
  readonly refusedFromDescriptor?: number;
  /** Who answers, on a connection that is refused; absent in tests of this part. */
  readonly signatureLines?: string;
}

export interface ConnectionCounts {
  readonly open: number;
  /** Closed to make room for another. */
  readonly madeRoom: number;
  readonly refused: number;
}

class Connection {
  /** Answers that have to wait for the one before them. */
  readonly queued = new Set<ServerResponse>();
  readAheadBytes = 0;

  constructor(
    readonly socket: Socket,
    readonly client: ClientAccount,
  ) {}

  /** Neither is a request being received or answered, nor is it a link. */
  get waitsForHead(): boolean {
    const { _httpMessage: answer, parser } = this.socket as Socket & {
      _httpMessage?: unknown;
      parser?: unknown;
    };
    return !answer && Boolean(parser);
  }
}

export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private readonly clients = new Map<string, ClientAccount>();
  private madeRoom = 0;
  private refused = 0;

  /** @param onRefused called for each connection that got a 503 */
  constructor(
    private readonly rules: ConnectionRules,
    private readonly ledger: Ledger,
    private readonly onRefused: () => void,
    private readonly slowSockets: () => Iterable<Socket>,
  ) {}

  /** Stands before whatever listens for connections of `server` now. */
  guard(server: Server): void {
    const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      // One that is open already is only read again (src/http/offered-upgrade.ts).
      const isAdmitted = this.open.has(socket) || this.admit(socket);
      if (isAdmitted) for (const listener of listeners) listener.call(server, socket);
    });
    dropAfterTheEnd(server);
  }

  counts(): ConnectionCounts {
    return { open: this.open.size, madeRoom: this.madeRoom, refused: this.refused };
  }

  clientOf(socket: Socket): ClientAccount | null {
    return this.open.get(socket)?.client ?? null;
  }

  /**
   * A request came before the one ahead of it was answered. Beyond a limit, or beyond the ledger,
   * the connection ends.
   */
  queued(response: ServerResponse): void {
    const { socket } = response.req;
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    const { client } = connection;
    const isTooMany = connection.queued.size >= QUEUED_REQUESTS_MAX || !client.mayHold(QUEUED_REQUEST_BYTES);
    connection.queued.add(response);
    client.hold(QUEUED_REQUEST_BYTES);
    this.ledger.charge('requests', QUEUED_REQUEST_BYTES);
    if (isTooMany || this.ledger.isOverdrawn) socket.destroy();
  }

  /** It is its turn. */
  assigned(response: ServerResponse): void {
    const connection = this.open.get(response.req.socket);
    if (connection?.queued.delete(response) !== true) return;
    connection.client.hold(-QUEUED_REQUEST_BYTES);
    this.ledger.give('requests', QUEUED_REQUEST_BYTES);
  }

  /**
   * Bytes of requests were read before their turn; negative when it has come. Beyond the ledger the
   * connection ends.
   */
  readAhead(socket: Socket, bytes: number): void {
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    const { client } = connection;
    const isTooMuch = !client.mayHold(bytes);
    connection.readAheadBytes += bytes;
    client.hold(bytes);
    this.ledger.charge('requests', bytes);
    if (bytes > 0 && (isTooMuch || this.ledger.isOverdrawn)) socket.destroy();
  }

  /** Answers that were not begun, one for each connection: those behind it have to wait for it. */
  unanswered(): ServerResponse[] {
    return [...this.open.keys()]
      .map((socket) => owedAnswer(socket))
      .filter((response) => response !== null && !response.headersSent) as ServerResponse[];
  }

  /** The last answer that each connection is owed, as far as its requests are known. */
  lastOwed(): ServerResponse[] {
    return [...this.open.values()]
      .map(({ socket, queued }) => [...queued].at(-1) ?? owedAnswer(socket))
      .filter((response) => response !== null);
  }

  private admit(socket: Socket): boolean {
    const address = socket.remoteAddress;
    if (address === undefined) {
      socket.destroy();
      return false;
    }
    const client = this.accountOf(address);
    if (
      this.isLastDescriptor(socket) ||
      !this.hasRoomFor(client) ||
      (this.isTaken(client) && !this.makeRoom())
    ) {
      this.refused += 1;
      refuseConnection(socket, this.rules.signatureLines);
      this.forget(client);
      this.onRefused();
      return false;
    }
    this.take(socket, client);
    return true;
  }

  /** What is left is needed for links, files, and to refuse others. */
  private isLastDescriptor(socket: Socket): boolean {
    const { fd } = (socket as Socket & { readonly _handle?: { readonly fd?: number } })._handle ?? {};
    return (fd ?? -1) >= (this.rules.refusedFromDescriptor ?? Infinity);
  }

  private take(socket: Socket, client: ClientAccount): void {
    const connection = new Connection(socket, client);
    this.open.set(socket, connection);
    client.connections.add(connection);
    this.ledger.charge('connections', CONNECTION_BYTES);
    limitClosing(socket);
    socket.once('close', () => {
      this.release(connection);
      for (const response of connection.queued) giveUp(response);
    });
  }

  private release(connection: Connection): void {
    if (!this.open.delete(connection.socket)) return;
    connection.client.connections.delete(connection);
    this.forget(connection.client);
    this.ledger.give('connections', CONNECTION_BYTES);
    const bytes = connection.queued.size * QUEUED_REQUEST_BYTES + connection.readAheadBytes;
    connection.client.hold(-bytes);
    this.ledger.give('requests', bytes);
  }

  private hasRoomFor(client: ClientAccount): boolean {
    return !client.isFull || this.closeFor(firstWaiting(client.connections as Set<Connection>));
  }

  /** All places are taken for this client. */
  private isTaken(client: ClientAccount): boolean {
    const { max, isPeer } = this.rules;
    if (this.open.size < max) return false;
    if (this.open.size >= max + RESERVED_CONNECTIONS) return true;
    return !client.isHere && !isPeer(client.address);
  }

  /**
   * Of the clients with the most connections, the connection that has waited longest. This host's
   * own and peers' only where no other waits.
   */
  private makeRoom(): boolean {
    const waiting = [...this.open.values()].filter((connection) => connection.waitsForHead);
    const strangers = waiting.filter(({ client }) => !client.isHere && !this.rules.isPeer(client.address));
    const most = strangers.reduce((max, { client }) => Math.max(max, client.connections.size), 0);
    const longest = strangers.find(({ client }) => client.connections.size === most) ?? waiting.at(0);
    return this.closeFor(longest ?? this.slowest());
  }

  /**
   * Where no connection waits for a head, the one goes that takes longest to send or to read
   * something.
   */
  private slowest(): Connection | undefined {
    for (const socket of this.slowSockets()) {
      const connection = this.open.get(socket);
      if (connection !== undefined && !connection.client.isHere) return connection;
    }
    return undefined;
  }

  private closeFor(connection: Connection | undefined): boolean {
    if (connection === undefined) return false;
    this.madeRoom += 1;
    // What a client has not taken of an answer is not kept for it any longer.
    if (connection.waitsForHead) connection.socket.destroy();
    else connection.socket.resetAndDestroy();
    this.release(connection);
    return true;
  }

  private accountOf(address: string): ClientAccount {
    const key = clientKey(address);
    const known = this.clients.get(key);
    if (known !== undefined) return known;
    const account = this.newAccount(key, address);
    this.clients.set(key, account);
    return account;
  }

  private newAccount(key: string, address: string): ClientAccount {
    const { max, perAddressMax, bytesPerAddressMax, kindOf } = this.rules;
    switch (kindOf(address)) {
      case 'here':
      case 'proxy':
        return new ClientAccount(key, Infinity, Infinity, kindOf(address) === 'here');
      case 'maybe-proxy':
        return new ClientAccount(key, Math.max(perAddressMax, Math.floor(max / 2)), Infinity);
      case 'client':
        return new ClientAccount(key, perAddressMax, bytesPerAddressMax);
    }
  }

  private forget(client: ClientAccount): void {
    if (client.connections.size === 0) this.clients.delete(client.address);
  }
}

/** The one that has waited longest, as they came. */
function firstWaiting(connections: Iterable<Connection>): Connection | undefined {
  for (const connection of connections) if (connection.waitsForHead) return connection;
  return undefined;
}

/**
 * What was received with a request that ended its connection is parsed all the same. No client is
 * there to be answered.
 */
function dropAfterTheEnd(server: Server): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (request.socket.destroyed) return;
    for (const listener of listeners) listener.call(server, request, response);
  });
}
