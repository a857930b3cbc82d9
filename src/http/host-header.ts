// The Host of a request. HTTP/1.1 wants exactly one (RFC 9112, 3.2). A name in it is judged only
// where it may be the name of a web page that was made to lead to a private address (DNS
// rebinding). docs/adr/0038-names-in-browsers.md says why.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NodeSettings } from '../config/settings';
import { TrustedProxies } from './client-address';
import type { Gate } from './gates';
import { HostNames } from './host-names';
import { PrivateAddresses } from './private-addresses';
import { sendProblem } from './problem';

type HostSettings = Pick<
  NodeSettings,
  'allowedHosts' | 'discoveryDomain' | 'address' | 'appName' | 'trustProxy'
>;

export function hostGate(settings: HostSettings): Gate {
  const names = new HostNames(settings);
  const judged = new BrowserRequests(settings);
  return (request, reply) => {
    const { host } = request.headers;
    const verdict = host === undefined ? absent(request) : names.verdictOf(host);
    if (verdict === 'allowed') return true;
    if (verdict === 'malformed') {
      const problem = host === undefined ? 'needs a Host header' : 'has one Host header, with one host';
      sendProblem(reply, 'request-invalid', `A request of HTTP/1.1 ${problem}.`);
      return false;
    }
    if (!judged.mayBePage(request)) return true;
    refuse(host ?? '', reply);
    return false;
  };
}

function absent({ raw }: FastifyRequest): 'allowed' | 'malformed' {
  return raw.httpVersionMajor === 1 && raw.httpVersionMinor === 0 ? 'allowed' : 'malformed';
}

function refuse(host: string, reply: FastifyReply): void {
  const shown = JSON.stringify(host.slice(0, 100));
  sendProblem(
    reply,
    'host-refused',
    `Browsers are not served here under the name ${shown}: use an IP address or localhost, or add the name to REPRAM_ALLOWED_HOSTS.`,
  );
}

/**
 * Tells requests that a page in a browser may have sent straight to a private address of this
 * machine.
 */
class BrowserRequests {
  private readonly near = new PrivateAddresses();
  private readonly proxies: TrustedProxies;

  constructor({ trustProxy }: HostSettings) {
    this.proxies = new TrustedProxies(trustProxy);
  }

  mayBePage({ headers, raw }: FastifyRequest): boolean {
    // Browsers send this with every request of HTTP/1.1. No script can change it, and proxies do
    // not pass it on.
    if (headers.connection?.toLowerCase() !== 'keep-alive') return false;
    const { origin, referer, 'user-agent': agent = '', 'sec-fetch-site': site } = headers;
    if (
      origin === undefined &&
      referer === undefined &&
      site === undefined &&
      !agent.startsWith('Mozilla/')
    ) {
      return false;
    }
    const { localAddress, remoteAddress } = raw.socket;
    const [here, there] = [withoutZone(localAddress), withoutZone(remoteAddress)];
    return this.near.includes(here) && this.near.includes(there) && !this.proxies.includes(there);
  }
}

/** '' for a socket that is gone. */
function withoutZone(address = ''): string {
  return address.split('%', 1)[0];
}
