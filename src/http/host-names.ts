// Which names a Host field may hold for browsers. Verdicts are remembered in a map of bounded size,
// because most requests name the same few hosts.
import { isIP } from 'node:net';
import type { NodeSettings } from '../config/settings';

/**
 * `strange`: a name that this node was not told. `malformed`: not one host (RFC 3986, 3.2.2), or
 * several.
 */
export type HostVerdict = 'allowed' | 'strange' | 'malformed';

export type HostNameSettings = Pick<NodeSettings, 'allowedHosts' | 'discoveryDomain' | 'address' | 'appName'>;

const REMEMBERED_MAX = 256;
/** A name has 253 at most (RFC 1035, 2.3.4). */
const FIELD_LENGTH_MAX = 300;

/**
 * An IPv6 literal or a name, and maybe a port. A client without an authority sends the empty one.
 */
const HOST = /^(?:(\[[0-9a-f:.]+\]|[a-z0-9\-._~!$&'()*+;=%]*)(?::\d*)?)$/i;

/**
 * Names that no public DNS answers for, so no page has one (RFC 6761, RFC 6762, RFC 8375, and what
 * ICANN keeps free).
 */
const PRIVATE_DOMAINS = ['.localhost', '.local', '.localdomain', '.internal', '.lan', '.home.arpa', '.test'];
const PLATFORM_DOMAIN = '.app.runonflux.io';

export class HostNames {
  private readonly verdicts = new Map<string, HostVerdict>();
  private readonly names: ReadonlySet<string>;
  private readonly suffixes: readonly string[];
  private readonly any: boolean;

  constructor({ allowedHosts, discoveryDomain, address, appName }: HostNameSettings) {
    // On the platform any domain may be led to the application, and the node is not told which.
    this.any = appName !== null || allowedHosts.includes('*');
    const patterns = allowedHosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1));
    this.suffixes = [...PRIVATE_DOMAINS, PLATFORM_DOMAIN, ...patterns];
    const given = [...allowedHosts, discoveryDomain, address ?? ''];
    this.names = new Set(given.map(plainName));
  }

  /** @param field the whole field, port included */
  verdictOf(field: string): HostVerdict {
    if (field.length > FIELD_LENGTH_MAX) return 'malformed';
    const known = this.verdicts.get(field);
    if (known !== undefined) return known;
    const verdict = this.judge(field);
    if (this.verdicts.size >= REMEMBERED_MAX) this.verdicts.clear();
    this.verdicts.set(field, verdict);
    return verdict;
  }

  private judge(field: string): HostVerdict {
    const host = HOST.exec(field)?.[1];
    if (host === undefined) return 'malformed';
    const name = plainName(host);
    // A name without a dot is one of this network: a service, a container, a machine.
    if (this.any || !name.includes('.') || name.startsWith('[') || isIP(name) === 4) return 'allowed';
    return this.names.has(name) || this.suffixes.some((suffix) => name.endsWith(suffix))
      ? 'allowed'
      : 'strange';
  }
}

/** Lower case, without the dot that may end a name. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
