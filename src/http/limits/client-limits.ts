// What one node allows its clients, put together: the ledger, what is charged to it, and which
// client has to go when it is full.
import type { Server, ServerResponse } from 'node:http';
import type { Log } from '../../adapters/log';
import type { NodeSettings } from '../../config/settings';
import { plainAddress } from '../../core/base/plain-address';
import type { DataEngine } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { clientKey, TrustedProxies } from '../client-address';
import type { Gate } from '../gates';
import type { ProblemCounts } from '../problem-counts';
import { isForOrchestrators } from '../rate-limit';
import { accountedResponse } from './accounted-response';
import { Connections, type ConnectionRules } from './connections';
import { Ledger } from './ledger';
import { PACE, Transfers, type Pace } from './transfers';
import { UnreadAnswers } from './unread-answers';

/** Of the ledger. While one address holds as much as it may, another can still send its bodies. */
const ADDRESS_SHARE = 0.5;
/** How old the addresses of peers may be. */
const PEERS_FRESH_MS = 1000;
/** Refused connections are logged this often at most. */
const LOG_EVERY_MS = 60_000;

export interface ClientLimitsParts {
  readonly settings: NodeSettings;
  readonly engine: DataEngine;
  readonly view: NodeView;
  readonly log: Log;
}

export class ClientLimits {
  readonly ledger: Ledger;
  readonly transfers: Transfers;
  readonly answers: UnreadAnswers;
  readonly connections: Connections;
  readonly Response: typeof ServerResponse;
  private loggedAtMs = -Infinity;

  constructor(
    private readonly parts: ClientLimitsParts,
    private readonly problems: ProblemCounts,
    pace: Pace = PACE,
  ) {
    const { settings, engine } = parts;
    this.ledger = new Ledger(settings.clientBytesMax);
    this.transfers = new Transfers(pace);
    this.ledger.onShortage((isEnough, asking) => this.transfers.makeRoom(isEnough, asking));
    this.answers = new UnreadAnswers(this.ledger, this.transfers, (listener) => engine.subscribe(listener));
    this.connections = new Connections(
      { ...connectionRules(parts), signatureLines: problems.signatureLines },
      this.ledger,
      () => this.noteRefusal(),
      () => this.transfers.slowSockets(),
    );
    this.Response = accountedResponse({
      note: (response) => this.answers.note(response),
      queued: (response) => this.connections.queued(response),
      assigned: (response) => this.connections.assigned(response),
    });
  }

  guard(server: Server): void {
    this.connections.guard(server);
  }

  /** Begins nothing new while more is held than may be. Orchestrators are answered all the same. */
  refuseWhenOverdrawn(): Gate {
    return (request) => {
      if (!this.ledger.isOverdrawn || isForOrchestrators(request)) return null;
      const detail = 'This node holds as much for its clients as it may.';
      return { code: 'busy', detail, retryAfterSeconds: 1 };
    };
  }

  private noteRefusal(): void {
    this.problems.add('busy');
    const nowMs = performance.now();
    if (nowMs - this.loggedAtMs < LOG_EVERY_MS) return;
    this.loggedAtMs = nowMs;
    const { open, refused } = this.connections.counts();
    this.parts.log.warn('connections-refused', { open, refused, limit: this.parts.settings.connectionsMax });
  }
}

function connectionRules({ settings, view }: ClientLimitsParts): ConnectionRules {
  const { connectionsMax, connectionsPerAddressMax, clientBytesMax, valueBytesMax, trustProxy, loopback } =
    settings;
  const here = new Set(['127.0.0.1', '::1', loopback]);
  const proxies = new TrustedProxies(trustProxy);
  return {
    max: connectionsMax,
    perAddressMax: connectionsPerAddressMax,
    refusedFromDescriptor: settings.refusedFromDescriptor,
    bytesPerAddressMax: Math.max(valueBytesMax, Math.floor(clientBytesMax * ADDRESS_SHARE)),
    kindOf: (address) => {
      if (here.has(plainAddress(address))) return 'here';
      if (!proxies.includes(address)) return 'client';
      return trustProxy === true ? 'maybe-proxy' : 'proxy';
    },
    isPeer: peerAddresses(view),
  };
}

/**
 * Whether a peer is known at an address. Looked up once a second at most, because a client that
 * floods a node asks it often.
 */
function peerAddresses(view: NodeView): (address: string) => boolean {
  let known: ReadonlySet<string> = new Set();
  let readAtMs = -Infinity;
  return (address) => {
    const nowMs = performance.now();
    if (nowMs - readAtMs > PEERS_FRESH_MS) {
      known = new Set(view.peers().map((peer) => clientKey(peer.address)));
      readAtMs = nowMs;
    }
    return known.has(address);
  };
}
