// Lines of the log for each link and each dial, at the levels `debug` and `trace`: what the core
// tells of its members is the sum of them.
import type { Log } from '../adapters/log';
import type { NodeSettings } from '../config/settings';
import { endpointKey } from '../core/base/identity';
import type { Input, LinkId } from '../core/base/inputs';

type Deliver = (input: Input) => void;

/** `deliver` itself where the level of the log leaves such lines out. */
export function notingLinks(
  { logLevel }: Pick<NodeSettings, 'logLevel'>,
  log: Log,
  deliver: Deliver,
): Deliver {
  if (logLevel !== 'debug' && logLevel !== 'trace') return deliver;
  const peers = new Map<LinkId, object>();
  return (input) => {
    if (input.kind === 'link-up') {
      const { linkId: link, direction, endpoint, identity } = input;
      const peer = {
        link,
        direction,
        endpoint: endpointKey(endpoint),
        peer_id: identity.id,
        peer_name: identity.name,
      };
      peers.set(link, peer);
      log.debug('link-opened', peer);
    } else if (input.kind === 'link-down') {
      log.debug('link-closed', peers.get(input.linkId));
      peers.delete(input.linkId);
    } else if (input.kind === 'dial-failed')
      log.debug('dial-failed', { endpoint: endpointKey(input.endpoint), failure: input.failure });
    deliver(input);
  };
}
