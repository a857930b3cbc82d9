// This node among its peers: their connections, its life, and what it tells of them. The gossip
// itself runs in the core.
import { Module } from '@nestjs/common';
import { GossipService } from './gossip.service';
import { PeerUpgrades } from './peer-upgrades';
import { PeersController } from './peers.controller';

@Module({ controllers: [PeersController], providers: [PeerUpgrades, GossipService] })
export class GossipModule {}
