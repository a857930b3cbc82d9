// The address of the servers that hold the values, where they are not held by the nodes themselves:
// redis://, rediss:// (TLS), redis-cluster://, rediss-cluster://, and the same under Valkey's name.
// A URL has one host; a cluster has several, so the text is read here.
import { type HostPort, parseHostPort } from './addresses';

export interface StoreAddress {
  readonly kind: 'single' | 'cluster';
  /** Of a cluster any of its servers: the others are learned. */
  readonly endpoints: readonly HostPort[];
  readonly hasTls: boolean;
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
}

export const STORE_URL_FORM =
  'redis://, rediss://, redis-cluster:// or rediss-cluster:// (or valkey in place of redis), then [user:password@]host[:port], for a cluster several separated by commas, for a single server /database 0..1023';

const DEFAULT_PORT = 6379;
const DATABASE_MAX = 1023;
const FORM = /^(redis|valkey)(s?)(-cluster)?:\/\/(?:([^@/]*)@)?([^@/?#\s]+)(?:\/(\d{0,4}))?$/;

/** Null for what is no such address. */
export function parseStoreUrl(text: string): StoreAddress | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, , secure, cluster, login = '', hosts, database = ''] = match;
  const endpoints = hosts.split(',').map(endpointOf);
  const credentials = credentialsOf(login);
  const number = Number(database);
  const isCluster = cluster === '-cluster';
  const isSound =
    credentials !== null &&
    !endpoints.includes(null) &&
    number <= DATABASE_MAX &&
    (isCluster ? number === 0 : endpoints.length === 1);
  if (!isSound) return null;
  return {
    kind: isCluster ? 'cluster' : 'single',
    endpoints: endpoints.flatMap((endpoint) => endpoint ?? []),
    hasTls: secure === 's',
    ...credentials,
    database: number,
  };
}

function endpointOf(text: string): HostPort | null {
  return parseHostPort(text) ?? parseHostPort(`${text}:${DEFAULT_PORT}`);
}

/** Percent-encoded, as in any URL. A password alone stands behind a colon, or alone. */
function credentialsOf(login: string): Pick<StoreAddress, 'username' | 'password'> | null {
  if (login === '') return { username: null, password: null };
  const colon = login.indexOf(':');
  const [user, secret] = colon < 0 ? ['', login] : [login.slice(0, colon), login.slice(colon + 1)];
  try {
    const username = decodeURIComponent(user);
    return { username: username === '' ? null : username, password: decodeURIComponent(secret) };
  } catch {
    return null;
  }
}

/** The text without what is secret in it, whether it is an address or not. */
export function shownStoreUrl(text: string): string {
  const end = text.lastIndexOf('@');
  const start = text.indexOf('://');
  if (end < 0) return text;
  return `${start < 0 || start > end ? '' : text.slice(0, start + 3)}***@${text.slice(end + 1)}`;
}

/** Of an address, as /status shows it. */
export function storeText({ kind, endpoints, hasTls, password, database }: StoreAddress): string {
  const scheme = `redis${hasTls ? 's' : ''}${kind === 'cluster' ? '-cluster' : ''}`;
  const hosts = endpoints.map(endpointText);
  const path = kind === 'cluster' ? '' : `/${database}`;
  return `${scheme}://${password === null ? '' : '***@'}${hosts.join()}${path}`;
}

export function endpointText({ address, port }: HostPort): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
