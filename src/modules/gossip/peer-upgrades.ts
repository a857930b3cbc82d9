// Offers to upgrade, of which one kind is taken: that of a peer, whose connection leaves HTTP and
// becomes a link. Every other request is served as the HTTP/1.1 request it is.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { hasTooManyFields, TOO_MANY_FIELDS } from '../../http/header-fields';
import { isSpoken, unspoken } from '../../http/http-version';
import { ClientLimits } from '../../http/limits/client-limits';
import { type ReadAheadAccount, serveWithoutUpgrade } from '../../http/offered-upgrade';
import type { ProblemCounts } from '../../http/problem-counts';
import { refuseTakenOut, type SocketProblem } from '../../http/socket-problem';
import { type GossipPort, isPeerUpgrade } from '../../runtime/gossip-port';
import { GOSSIP_PORT } from '../../runtime/tokens';
import { upgradeProblem } from './upgrade-problem';

@Injectable()
export class PeerUpgrades implements OnModuleInit {
  /** Sockets of the server that are peer links now, not HTTP. */
  taken = 0;

  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly limits: ClientLimits,
    @Inject(GOSSIP_PORT) private readonly gossip: GossipPort,
  ) {}

  onModuleInit(): void {
    this.gossip.links.refuse = (socket, refusal) => {
      this.refuse(socket as Socket, upgradeProblem(refusal));
    };
    this.server.on('upgrade', (request, socket, head) => {
      this.offered(request, socket, head);
    });
  }

  private offered(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isPeerUpgrade(request)) {
      const account: ReadAheadAccount = (from, bytes) => this.limits.connections.readAhead(from, bytes);
      serveWithoutUpgrade(this.server, request, head, account);
      return;
    }
    if (!isSpoken(request)) {
      this.refuse(request.socket, unspoken(request));
      return;
    }
    if (hasTooManyFields(request)) {
      this.refuse(request.socket, { code: 'headers-too-large', detail: TOO_MANY_FIELDS });
      return;
    }
    this.taken += 1;
    socket.once('close', () => (this.taken -= 1));
    this.gossip.links.handleUpgrade(request, socket, head);
  }

  private refuse(socket: Socket, problem: SocketProblem): void {
    refuseTakenOut(socket, problem, this.counts);
  }

  private get server(): Server {
    return this.host.httpAdapter.getHttpServer();
  }

  private get counts(): ProblemCounts {
    return this.host.httpAdapter.getInstance().problemCounts;
  }
}
