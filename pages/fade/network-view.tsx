// Which node answers, which others there are, and where else the same board is.
import type { JSX } from 'preact';
import type { Peer } from '../node-api/calls';
import { addressesOf } from '../node-api/node-list';
import { printableName } from '../words/printable';
import type { Following, Network } from './follow';

const NAME_MAX = 60;

export function NetworkView({ following }: { readonly following: Following }): JSX.Element {
  const network = following.network.value;
  return (
    <section class="panel" aria-labelledby="network-title">
      <h2 id="network-title">This node</h2>
      {network === null ? (
        <p>Asking the node who it is…</p>
      ) : (
        <Known network={network} home={following.nodes.home} />
      )}
      <p>
        <a href="dashboard">The network, live</a>
      </p>
    </section>
  );
}

function Known({ network, home }: { readonly network: Network; readonly home: string }): JSX.Element {
  const { status, peers, base } = network;
  return (
    <>
      <p id="node">
        <strong>
          <bdi>{printableName(status.name, NAME_MAX)}</bdi>
        </strong>
        {` answered on port ${status.port}. `}
        {peers.length === 0 ? 'It knows no other node yet.' : 'It keeps the same messages as:'}
      </p>
      <ul class="peers" id="peers">
        {[...peers].sort(byPlace).map((peer) => (
          <PeerLine key={peer.id} peer={peer} address={addressesOf(base, status.port, [peer])[0]} />
        ))}
      </ul>
      {base !== home && (
        <p class="note">
          The node that served this page does not answer. The page goes on at <bdi>{new URL(base).host}</bdi>.
        </p>
      )}
    </>
  );
}

function byPlace(one: Peer, other: Peer): number {
  return one.address.localeCompare(other.address) || one.port - other.port;
}

interface PeerLineProperties {
  readonly peer: Peer;
  /** Where a browser can open it; undefined where it cannot. */
  readonly address: string | undefined;
}

function PeerLine({ peer, address }: PeerLineProperties): JSX.Element {
  const port = `port ${peer.port}`;
  return (
    <li data-state={peer.state}>
      <bdi>{printableName(peer.name, NAME_MAX)}</bdi>
      {address === undefined ? <span>{port}</span> : <a href={address}>{port}</a>}
      <span class="state">{peer.state}</span>
    </li>
  );
}
