// The Host of a request. HTTP/1.1 wants exactly one (RFC 9112, 3.2). A name in it is judged only
// where it may be the name of a web page that was made to lead to a private address (DNS
// rebinding). docs/adr/0038-names-in-browsers.md says why.
import type { NodeSettings } from '../config/settings';
import { TrustedProxies } from './client-address';
import type { Refusal } from './answer';
import type { RequestHead } from './exchange';
import type { Gate } from './gates';
import { givenText } from './given-text';
import { HostNames } from './host-names';
import { PrivateAddresses } from './private-addresses';

type HostSettings = Pick<
  NodeSettings,
  'allowedHosts' | 'discoveryDomain' | 'address' | 'appName' | 'trustProxy'
>;

export function hostGate(settings: HostSettings): Gate {
  const names = new HostNames(settings);
  const judged = new BrowserRequests(settings);
  return (request) => {
    const { host } = request.headers;
    const verdict = host === undefined ? absent(request) : names.verdictOf(host);
    if (verdict === 'allowed') return null;
    if (verdict === 'malformed') {
      const problem =
        host === undefined
          ? 'needs a Host header'
          : `has one Host header, with one host (given: ${givenText(host)})`;
      return { code: 'request-invalid', detail: `A request of HTTP/1.1 ${problem}.` };
    }
    return judged.mayBePage(request) ? refusal(host ?? '') : null;
  };
}

function absent({ httpVersionMajor, httpVersionMinor }: RequestHead): 'allowed' | 'malformed' {
  return httpVersionMajor === 1 && httpVersionMinor === 0 ? 'allowed' : 'malformed';
}

function refusal(host: string): Refusal {
  const shown = JSON.stringify(host.slice(0, 100));
  const detail = `Browsers are not served here under the name ${shown}: use an IP address or localhost, or add the name to REPRAM_ALLOWED_HOSTS.`;
  return { code: 'host-refused', detail };
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

  mayBePage({ headers, socket }: RequestHead): boolean {
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
    const { localAddress, remoteAddress } = socket;
    const [here, there] = [withoutZone(localAddress), withoutZone(remoteAddress)];
    return this.near.includes(here) && this.near.includes(there) && !this.proxies.includes(there);
  }
}

/** '' for a socket that is gone. */
function withoutZone(address = ''): string {
  return address.split('%', 1)[0];
}
