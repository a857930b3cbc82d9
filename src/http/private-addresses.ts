// Which addresses belong to this machine or to a network that is not the internet.
import { BlockList, isIP } from 'node:net';
import { plainAddress } from '../core/base/plain-address';
import { PRIVATE_RANGES } from '../core/base/private-ranges';

export class PrivateAddresses {
  private readonly ranges = new BlockList();

  constructor() {
    for (const range of PRIVATE_RANGES) {
      const [network, bits] = range.split('/');
      this.ranges.addSubnet(network, Number(bits), isIP(network) === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /** @param address of a socket, without a zone */
  includes(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.ranges.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }
}
