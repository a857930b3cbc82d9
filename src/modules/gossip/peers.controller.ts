// GET /peers: the members this node knows, itself excluded.
import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { MemberReport, NodeView } from '../../runtime/node-view';
import { snakeCased } from '../../http/snake-case';
import { NODE_VIEW } from '../../runtime/tokens';

@Controller('peers')
export class PeersController {
  constructor(@Inject(NODE_VIEW) private readonly view: NodeView) {}

  @Get()
  @Header('cache-control', 'no-store')
  peers(): object {
    const nowMs = Date.now();
    return {
      node_id: this.view.identity().id,
      peers: this.view.peers().map((member) => peerBody(member, nowMs)),
      last_updated: new Date(nowMs).toISOString(),
    };
  }
}

function peerBody(member: MemberReport, nowMs: number): object {
  const { lastSeenAgoMs } = member;
  return {
    id: member.id,
    name: member.name,
    address: member.address,
    port: member.port,
    state: member.state,
    incarnation: member.incarnation,
    rtt_ms: rounded(member.rttMs),
    last_seen: lastSeenAgoMs === null ? null : new Date(nowMs - lastSeenAgoMs).toISOString(),
    host: member.hostId,
    failure_domain: member.failureDomain,
    reach: member.reach,
    lagging: member.lagging,
    full: member.full,
    in_step: member.inStep,
    missing_writes: member.missingWrites,
    behind_writes: member.behindWrites,
    queued_bytes: member.queuedBytes,
    clock_offset_ms: rounded(member.clockOffsetMs),
    digest: member.load === null ? null : snakeCased(member.load),
  };
}

/** Milliseconds to three decimals. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
