// Which nodes to talk to: --node, else REPRAM_NODES, else the range of ports on this machine that
// nodes claim by themselves.
import { listItems, loopbackOf, parseBaseUrl, parseHostPort } from '../../config/addresses';
import { InputError } from '../cli-error';
import type { CliEnvironment } from '../environment';

const ALLOWED = 'host:port, [IPv6]:port, host:8081-8090, or an http(s) URL, separated by commas';
const PORTS_MAX = 100;

export interface NodeChoice {
  /** Base URLs without a slash at the end, in order, each once. */
  readonly urls: readonly string[];
  /** As a person would say it. */
  readonly told: string;
  /** Whether somebody named them. */
  readonly isNamed: boolean;
}

export function chooseNodes(given: string | undefined, environment: CliEnvironment): NodeChoice {
  if (given !== undefined) return named('--node', given);
  if (environment.nodes !== '') return named('REPRAM_NODES', environment.nodes);
  const { basePort, maxPorts } = environment;
  const host = loopbackOf(environment.bindAddress);
  const last = Math.min(65_535, basePort + maxPorts - 1);
  return {
    urls: urlsOf(host, basePort, last),
    told: `${host}:${basePort}-${last}`,
    isNamed: false,
  };
}

function named(field: string, text: string): NodeChoice {
  const items = listItems(text);
  const urls = items.flatMap((item) => parseItem(item) ?? refuse(field, item));
  if (urls.length === 0) refuse(field, text);
  return { urls: [...new Set(urls)], told: items.join(', '), isNamed: true };
}

function refuse(field: string, item: string): never {
  throw new InputError(field, item, ALLOWED);
}

function parseItem(item: string): readonly string[] | null {
  if (item.includes('://')) {
    const url = parseBaseUrl(item);
    return url === null ? null : [url];
  }
  const range = /^(.+:)(\d{1,5})-(\d{1,5})$/.exec(item);
  const place = parseHostPort(range === null ? item : `${range[1]}${range[2]}`);
  if (place === null) return null;
  const last = range === null ? place.port : Number(range[3]);
  const isSound = last >= place.port && last <= 65_535 && last - place.port < PORTS_MAX;
  return isSound ? urlsOf(place.address, place.port, last) : null;
}

function urlsOf(address: string, first: number, last: number): string[] {
  const host = address.includes(':') ? `[${address}]` : address;
  return Array.from({ length: last - first + 1 }, (_, index) => `http://${host}:${first + index}`);
}
