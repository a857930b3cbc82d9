// Which nodes to talk to: --node, else REPRAM_NODES, else the range of ports on this machine that
// nodes claim by themselves (./range.ts).
import { listItems, parseBaseUrl, parseHostPort } from '../../config/addresses';
import { InputError } from '../cli-error';
import type { CliEnvironment } from '../environment';
import { ownRange } from './range';

const ALLOWED = 'host:port, [IPv6]:port, host:8081-8090, or an http(s) URL, separated by commas';
const PORTS_MAX = 100;

export interface NodeChoice {
  /** Base URLs without a slash at the end, in order, each once. */
  readonly urls: readonly string[];
  /** As a person would say it. */
  readonly told: string;
  /** Whether somebody named them. */
  readonly isNamed: boolean;
  /** What is wrong about the range, in whose place the usual one is looked at. */
  readonly problem: InputError | null;
}

export function chooseNodes(given: string | undefined, environment: CliEnvironment): NodeChoice {
  if (given !== undefined) return named('--node', given);
  if (environment.nodes !== '') return named('REPRAM_NODES', environment.nodes);
  const { host, first, last, problem } = ownRange(environment);
  return { urls: urlsOf(host, first, last), told: `${host}:${first}-${last}`, isNamed: false, problem };
}

function named(field: string, text: string): NodeChoice {
  const items = listItems(text);
  const refuse = (item: string, allowed: string): never => {
    throw new InputError(field, withoutPassword(item), allowed);
  };
  const urls = items.flatMap((item) => {
    const parsed = item.includes('://') ? parseUrl(item) : parsePlaces(item);
    return typeof parsed === 'string' ? refuse(item, parsed) : parsed;
  });
  if (urls.length === 0) refuse(text, ALLOWED);
  return { urls: [...new Set(urls)], told: items.join(', '), isNamed: true, problem: null };
}

/** The URL, or what is allowed in place of it. */
function parseUrl(item: string): readonly string[] | string {
  const url = parseBaseUrl(item);
  if (url !== null) return [url];
  if (!URL.canParse(item)) return ALLOWED;
  const { protocol, username, password, search, hash } = new URL(item);
  if (protocol !== 'http:' && protocol !== 'https:') return `${ALLOWED}; not a URL with ${protocol}//`;
  if (username + password !== '') return 'a URL without user and password: nodes have no accounts';
  return `a URL that ends with its path, without ${search + hash}`;
}

/** URLs of places, or what is allowed in place of them. */
function parsePlaces(item: string): readonly string[] | string {
  const range = /^(.+:)(\d{1,5})-(\d{1,5})$/.exec(item);
  const place = parseHostPort(range === null ? item : `${range[1]}${range[2]}`);
  if (place === null) return ALLOWED;
  const last = range === null ? place.port : Number(range[3]);
  if (last < place.port || last > 65_535) return 'a range of ports that goes up, to 65535 at most';
  if (last - place.port >= PORTS_MAX) return `a range of at most ${PORTS_MAX} ports`;
  return urlsOf(place.address, place.port, last);
}

/** What is shown may be kept in a log. */
function withoutPassword(item: string): string {
  return item.replace(/\/\/[^/?#]*@/, '//...@');
}

function urlsOf(address: string, first: number, last: number): string[] {
  const host = address.includes(':') ? `[${address}]` : address;
  return Array.from({ length: last - first + 1 }, (_, index) => `http://${host}:${first + index}`);
}
