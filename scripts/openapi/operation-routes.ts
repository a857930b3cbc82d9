// The description of what operators and peers ask: health, status, peers, metrics; and of what only
// clients of v2 ask.
import { HealthController } from '../../src/modules/health/health.controller';
import { StatusController } from '../../src/modules/health/status.controller';
import { PeersController } from '../../src/modules/gossip/peers.controller';
import { MetricsController } from '../../src/modules/metrics/metrics.controller';
import { V1Controller } from '../../src/modules/v1/v1.controller';
import { describeRoutes, jsonAnswer, textAnswer } from './describe';
import * as example from './examples';

const OPERATION = { tag: 'operation' };

export function describeOperation(): void {
  describeHealth();
  describeRoutes(PeersController, OPERATION, {
    peers: {
      id: 'getPeers',
      summary: 'Who else is in the network',
      description: 'Dead peers are shown as dead until they are replaced or forgotten.',
      parts: [jsonAnswer(200, 'All peers known.', 'PeerList', example.PEERS)],
    },
  });
  describeRoutes(StatusController, OPERATION, {
    status: {
      id: 'getStatus',
      summary: 'Everything about this node at a glance',
      description:
        'Storage, replication, membership, event loop, and the settings in effect without secrets.',
      parts: [jsonAnswer(200, 'The node.', 'Status', example.STATUS)],
    },
  });
  describeRoutes(MetricsController, OPERATION, {
    scrape: {
      id: 'getMetrics',
      summary: 'Metrics for Prometheus',
      description: 'Of this node alone: scrape every port.',
      parts: [
        textAnswer(200, 'Prometheus text format 0.0.4; names begin with `repram_`.', {
          types: ['text/plain'],
          example: example.METRICS,
          headers: ['Cache-Control'],
        }),
      ],
    },
  });
}

function describeHealth(): void {
  const well = jsonAnswer(200, 'It is.', 'Health', example.HEALTH);
  const ill = jsonAnswer(503, 'It is not; `error` says why.', 'Health', example.DRAINING);
  describeRoutes(HealthController, OPERATION, {
    health: {
      id: 'getHealth',
      summary: 'Whether this node should get traffic',
      description: 'Only draining, a stuck runtime and a full memory count; the rest is told as `degraded`.',
      parts: [well, ill],
    },
    live: {
      id: 'getLiveness',
      summary: 'Whether the process is alive',
      description: 'For an orchestrator that restarts what is not.',
      parts: [well],
    },
    ready: {
      id: 'getReadiness',
      summary: 'Whether this node is in step with its peers',
      description: 'It is not while it fills up from them, and not once it drains.',
      parts: [well, ill],
    },
  });
}

/** Beside the routes that /v1 shares. */
export function describeV1(): void {
  describeRoutes(
    V1Controller,
    { tag: 'v1' },
    {
      health: {
        id: 'getHealth',
        summary: 'Whether this node should get traffic',
        description: 'As /health, in the shape of REPRAM v2. The id is REPRAM_NODE_ID where one is set.',
        parts: [
          jsonAnswer(200, 'It is healthy.', 'V1Health', example.V1_HEALTH),
          jsonAnswer(503, 'It is not.', 'V1Health', { ...example.V1_HEALTH, status: 'unhealthy' }),
        ],
      },
    },
  );
  describeRoutes(
    V1Controller,
    { tag: 'v1' },
    {
      topology: {
        id: 'getTopology',
        summary: 'Where the other nodes are',
        description: 'An enclave is a cluster. Ids are REPRAM_NODE_IDs where they are set.',
        parts: [jsonAnswer(200, 'Peers not known to be gone.', 'V1Topology', example.V1_TOPOLOGY)],
      },
    },
  );
}
