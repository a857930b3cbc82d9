// Two hosts where namespaces are forbidden: an address of loopback each
// (docs/adr/0026-hosts-on-loopback.md).
import { portsFrom, type Place } from '../http/calls';
import { portRange } from '../processes/ports';
import type { HostName, TwoHosts } from './two-hosts';

export class LoopbackPair implements TwoHosts {
  ports: readonly number[] = [];

  async connect(): Promise<void> {
    this.ports = portsFrom(await portRange(3), 3);
  }

  addressOf(host: HostName): string {
    return host === 'a' ? '127.0.0.11' : '127.0.0.12';
  }

  loopbackOf(host: HostName): string {
    return this.addressOf(host);
  }

  bindAddressOf(host: HostName): string {
    return this.addressOf(host);
  }

  within(): string[] {
    return [];
  }

  place(host: HostName, port: number): Place {
    return `${this.addressOf(host)}:${port}`;
  }

  cable(): void {
    throw new Error('nothing cuts hosts on loopback off from each other');
  }

  remove(): void {
    // Nothing was set up.
  }
}
