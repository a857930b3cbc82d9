// What this node tells about its peers. The gossip itself runs in the core.
import { Module } from '@nestjs/common';
import { PeersController } from './peers.controller';

@Module({ controllers: [PeersController] })
export class GossipModule {}
