// Whether the places lead somewhere where nodes look for others: DISCOVERY_DOMAIN and REPRAM_PEERS,
// as the nodes have them and as this environment has them. They are tried from here.
import { lookup } from 'node:dns/promises';
import { ask } from '../network/ask';
import { factsOf, listOf, numberOf, statusOf, textOf } from '../network/facts';
import { findings, listed, type Finding, type Scene } from './finding';

const DNS = findings('dns');
const PEERS = findings('peers');

const LOCALHOST = 'localhost';
const LOOKUP_LIMIT_MS = 3000;
const ADDRESSES_MAX = 8;
const PORTS_MAX = 16;
const PEERS_MAX = 32;

interface Range {
  readonly domain: string;
  readonly first: number;
  readonly count: number;
}

export async function checkNames(scene: Scene): Promise<Finding[]> {
  const ranges = rangesOf(scene).filter(({ domain }) => domain !== LOCALHOST && domain !== '');
  if (ranges.length === 0) return [DNS.skipped('DISCOVERY_DOMAIN is localhost: no name to look up.')];
  return Promise.all(ranges.map((range) => checkName(scene, range)));
}

function rangesOf({ nodes, settings }: Scene): Range[] {
  const told = nodes.map(({ status: { config } }) => {
    const first = numberOf(config.base_port);
    return { domain: textOf(config.discovery_domain), first, count: numberOf(config.max_ports) };
  });
  const own = settings.ok
    ? [
        {
          domain: settings.settings.discoveryDomain,
          first: settings.settings.basePort,
          count: settings.settings.maxPorts,
        },
      ]
    : [];
  const all = [...told, ...own];
  return all.filter((range, index) => all.findIndex(({ domain }) => domain === range.domain) === index);
}

async function checkName(scene: Scene, { domain, first, count }: Range): Promise<Finding> {
  const addresses = await addressesOf(domain);
  if (addresses.length === 0) {
    const advice =
      'Look at the spelling of DISCOVERY_DOMAIN, and whether this machine asks the right DNS server.';
    return DNS.problem(`The name ${domain} has no address here.`, advice);
  }
  const ports = Array.from({ length: Math.min(PORTS_MAX, count) }, (_, index) => first + index);
  const places = addresses.flatMap((address) => ports.map((port) => placeOf(address, port)));
  const answers = await Promise.all(places.map((place) => answersAt(scene, place)));
  const found = places.filter((_, index) => answers[index] !== null);
  const leads = `${domain} leads to ${listed(addresses)}`;
  if (found.length > 0) return DNS.ok(`${leads}; nodes answer at ${listed(found)}.`);
  const advice = 'Start nodes there, open the ports, or give all hosts the same BASE_PORT and MAX_PORTS.';
  return DNS.problem(`${leads}, and no node answers there on ports ${first}-${first + count - 1}.`, advice);
}

async function addressesOf(domain: string): Promise<string[]> {
  const late = new Promise<[]>((resolve) => void setTimeout(() => resolve([]), LOOKUP_LIMIT_MS).unref());
  const found = await Promise.race([lookup(domain, { all: true }).catch(() => []), late]);
  return [...new Set(found.map(({ address }) => address))].slice(0, ADDRESSES_MAX);
}

export function placeOf(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The cluster of the node there; null where none answers. */
export async function answersAt({ context }: Scene, place: string): Promise<string | null> {
  const limitMs = Math.min(context.limitMs, LOOKUP_LIMIT_MS);
  const answer = await ask(`http://${place}/status`, { limitMs, stop: context.stop });
  return answer.kind === 'answer' ? (statusOf(answer.body)?.cluster ?? null) : null;
}

export async function checkNamedPeers(scene: Scene): Promise<Finding[]> {
  const clusters = new Map(namedPeers(scene));
  const checked = [...clusters]
    .slice(0, PEERS_MAX)
    .map(([place, cluster]) => checkPeer(scene, place, cluster));
  if (checked.length === 0) return [PEERS.skipped('REPRAM_PEERS names nobody.')];
  return Promise.all(checked);
}

/** Each place with the cluster of who names it. */
function namedPeers({ nodes, settings }: Scene): (readonly [string, string])[] {
  const told = nodes.flatMap(({ status: { config, cluster } }) =>
    listOf(config.peers).map((peer) => {
      const { address, port } = factsOf(peer);
      return [placeOf(textOf(address), numberOf(port)), cluster] as const;
    }),
  );
  const own = settings.ok ? settings.settings : null;
  const here = own?.peers.map(({ address, port }) => [placeOf(address, port), own.cluster] as const) ?? [];
  return [...here, ...told];
}

async function checkPeer(scene: Scene, place: string, cluster: string): Promise<Finding> {
  const found = await answersAt(scene, place);
  if (found === null) {
    const advice =
      'Look at the address and the port, whether a node runs there, and at the firewall before it.';
    return PEERS.problem(`REPRAM_PEERS names ${place}, and no node answers there.`, advice);
  }
  if (found === cluster) return PEERS.ok(`At ${place}, which REPRAM_PEERS names, a node answers.`);
  const sentence = `REPRAM_PEERS names ${place}, where a node of the cluster "${found}" answers, not "${cluster}".`;
  return PEERS.problem(sentence, 'Set the same REPRAM_CLUSTER on both.');
}
