// Why a node has no port, for the person who has to repair it. Pure.
import type { PortOutcome } from './port-binder';

export interface Asked {
  readonly bindAddress: string;
  /** Where the nodes of this host find each other. */
  readonly loopback: string;
  readonly basePort: number;
  readonly maxPorts: number;
}

export function unclaimedText(outcome: Exclude<PortOutcome, { kind: 'claimed' }>, asked: Asked): string {
  const range = `${asked.basePort}-${asked.basePort + asked.maxPorts - 1}`;
  if (outcome.kind === 'unreachable') {
    return `this machine cannot reach itself at ${asked.loopback} (${outcome.code}): its loopback interface is down`;
  }
  if (outcome.kind === 'unbindable') return unbindableText(outcome.code, outcome.port, asked.bindAddress);
  if (outcome.taken.every(({ reason }) => reason === 'not-permitted')) {
    return `not permitted to listen on a port of ${range} (EACCES): low ports take a privilege; choose a higher BASE_PORT`;
  }
  const holders = outcome.taken.map(({ port, holder }) => `${port}: ${holder}`).join('; ');
  return `no free port in ${range} (${holders})`;
}

function unbindableText(code: string, port: number, bindAddress: string): string {
  const address = `REPRAM_BIND_ADDRESS ${JSON.stringify(bindAddress)}`;
  switch (code) {
    case 'EADDRNOTAVAIL':
      return bindAddress === ''
        ? `this machine has no address to listen at (${code})`
        : `${address} is no address of this machine (${code})`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return `${address} resolves to no address (${code})`;
    case 'EINVAL':
    case 'ENODEV':
    case 'ENXIO':
      return `${address} cannot be listened at (${code}): a link-local address takes the zone of an interface of this machine, as fe80::1%eth0`;
    case 'EAFNOSUPPORT':
      return `${address} is of a kind that this machine does not have (${code})`;
    case 'EMFILE':
    case 'ENFILE':
      return `there is no file descriptor left to listen on port ${port} with (${code})`;
    default:
      return `listening on port ${port} failed (${code})`;
  }
}
