// Hands the running node to the Nest modules. It creates nothing: the code that builds the node
// owns its life. So several nodes can live in one process, and tests can pass an engine of their
// own.
import { type DynamicModule, Module } from '@nestjs/common';
import type { Log } from '../adapters/log';
import type { NodeSettings } from '../config/settings';
import type { DataEngine } from './data-engine';
import type { GossipPort } from './gossip-port';
import type { DiscoveryPort, NodeView } from './node-view';
import { DATA_ENGINE, DISCOVERY_PORT, GOSSIP_PORT, LOG, NODE_VIEW, SETTINGS } from './tokens';

/** The parts of one running node, as far as its HTTP side needs them. */
export interface NodeParts {
  readonly settings: NodeSettings;
  readonly engine: DataEngine;
  readonly view: NodeView;
  readonly discovery: DiscoveryPort;
  readonly gossip: GossipPort;
  readonly log: Log;
}

@Module({})
export class RuntimeModule {
  static forNode(parts: NodeParts): DynamicModule {
    const providers = [
      { provide: SETTINGS, useValue: parts.settings },
      { provide: DATA_ENGINE, useValue: parts.engine },
      { provide: NODE_VIEW, useValue: parts.view },
      { provide: DISCOVERY_PORT, useValue: parts.discovery },
      { provide: GOSSIP_PORT, useValue: parts.gossip },
      { provide: LOG, useValue: parts.log },
    ];
    return { module: RuntimeModule, global: true, providers, exports: providers.map((each) => each.provide) };
  }
}
