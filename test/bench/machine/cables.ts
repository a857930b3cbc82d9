// What crossed the cables of hosts around a hub, as the kernel counts it at the hub's ends
// (ip-link(8)): whole packets with their Ethernet, IP and TCP headers, each once, where its host
// sent it.
import { spawnSync } from 'node:child_process';

export interface Traffic {
  readonly bytes: number;
  readonly packets: number;
}

interface Counters {
  readonly ifname: string;
  readonly stats64?: { readonly rx: Traffic };
}

/** `within` starts a program on the hub, where each cable ends in an interface named to-HOST. */
export function cableTraffic(within: readonly string[]): Traffic {
  const [program, ...args] = [...within, 'ip', '-statistics', '-json', 'link'];
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the counters of the cables cannot be read: ${stderr}`);
  return sentByHosts(stdout);
}

export function sentByHosts(json: string): Traffic {
  const cables = (JSON.parse(json) as Counters[]).filter(({ ifname }) => ifname.startsWith('to-'));
  const sum = (what: keyof Traffic): number =>
    cables.reduce((total, { stats64 }) => total + (stats64?.rx[what] ?? NaN), 0);
  return { bytes: sum('bytes'), packets: sum('packets') };
}

export function difference(after: Traffic, before: Traffic): Traffic {
  return { bytes: after.bytes - before.bytes, packets: after.packets - before.packets };
}
