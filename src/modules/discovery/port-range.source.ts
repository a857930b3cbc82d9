// The other nodes of this machine: every port of the range on loopback. Our own port is among them.
// The core knows it.
import { Inject, Injectable } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import type { Endpoint } from '../../runtime/node-view';
import { SETTINGS } from '../../runtime/tokens';
import type { CandidateSource } from './candidate-source';
import { portRange } from './port-range';

@Injectable()
export class PortRangeSource implements CandidateSource {
  readonly name = 'port-range';

  constructor(@Inject(SETTINGS) private readonly settings: NodeSettings) {}

  endpoints(): Promise<readonly Endpoint[]> {
    const { loopback, basePort, maxPorts } = this.settings;
    return Promise.resolve(portRange(loopback, basePort, maxPorts));
  }
}
