// What clients of REPRAM v2 ask of a node besides the routes that are the same as today's: its
// health, and where its peers are. They call a cluster an enclave, and a network private when its
// nodes share a secret.
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { NodeSettings } from '../../config/settings';
import { isGivenName } from '../../runtime/given-name';
import type { NodeView } from '../../runtime/node-view';
import { NODE_VIEW, SETTINGS } from '../../runtime/tokens';
import { HealthService } from '../health/health.service';

@Controller('v1')
export class V1Controller {
  constructor(
    private readonly judged: HealthService,
    @Inject(SETTINGS) private readonly settings: NodeSettings,
    @Inject(NODE_VIEW) private readonly view: NodeView,
  ) {}

  @Get('health')
  @Header('cache-control', 'no-store')
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { status } = await this.judged.overall();
    if (status !== 'ok') reply.code(503);
    const { cluster } = this.view.identity();
    return {
      status: status === 'ok' ? 'healthy' : 'unhealthy',
      node_id: v2Id(this.view.identity()),
      network: this.settings.clusterSecret === null ? 'public' : 'private',
      enclave: cluster,
    };
  }

  /** Peers a client could turn to instead: those that are not known to be gone. */
  @Get('topology')
  @Header('cache-control', 'no-store')
  topology(): object {
    const { cluster } = this.view.identity();
    const reachable = this.view.peers().filter(({ state }) => state === 'alive' || state === 'suspect');
    return {
      node_id: v2Id(this.view.identity()),
      enclave: cluster,
      peers: reachable.map((peer) => ({
        id: v2Id(peer),
        address: peer.address,
        http_port: peer.port,
        enclave: cluster,
      })),
    };
  }
}

/** REPRAM v2 knew a node by its REPRAM_NODE_ID where one was set. */
function v2Id({ id, name }: { readonly id: string; readonly name: string }): string {
  return isGivenName(name) ? name : id;
}
