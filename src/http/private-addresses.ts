// Which addresses belong to this machine or to a network that is not the internet: loopback, RFC
// 1918, carrier-grade NAT (RFC 6598), link-local (RFC 3927, RFC 4291) and unique local (RFC 4193).
import { BlockList, isIP } from 'node:net';
import { plainAddress } from '../core/base/plain-address';

const IPV4_RANGES = [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const;
const IPV6_RANGES = [
  ['::1', 128],
  ['fe80::', 10],
  ['fc00::', 7],
] as const;

export class PrivateAddresses {
  private readonly ranges = new BlockList();

  constructor() {
    for (const [network, bits] of IPV4_RANGES) this.ranges.addSubnet(network, bits, 'ipv4');
    for (const [network, bits] of IPV6_RANGES) this.ranges.addSubnet(network, bits, 'ipv6');
  }

  /** @param address of a socket, without a zone */
  includes(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.ranges.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }
}
