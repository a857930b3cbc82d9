// In one word, whether the page is in step with the network, and with which node it talks.
import type { JSX } from 'preact';
import { printableName } from '../words/printable';
import type { Connection, Following } from './follow';

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  asking: 'Asking every 2 s',
  lost: 'No connection',
};

export function StatePill({ following }: { readonly following: Following }): JSX.Element {
  const connection = following.connection.value;
  const network = following.network.value;
  const node = network === null ? '' : `${printableName(network.status.name, 40)} : ${network.status.port}`;
  return (
    <p class="pill" data-state={connection}>
      <span class="dot" aria-hidden="true" />
      <span role="status" id="connection">
        {WORDS[connection]}
      </span>
      {connection !== 'lost' && node !== '' && <bdi class="pill-node">{node}</bdi>}
    </p>
  );
}
