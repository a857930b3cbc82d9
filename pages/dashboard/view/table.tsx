// The same as the map in rows and columns: every figure of every node.
import type { JSX } from 'preact';
import type { NodeSeen } from '../network/node-seen';
import { bytes, count, duration, offset, rate, share, span } from './format';
import { standing } from './words';

interface TableProps {
  readonly nodes: readonly NodeSeen[];
  readonly selected: string;
  readonly select: (place: string) => void;
}

const COLUMNS: readonly (readonly [title: string, of: (node: NodeSeen) => string])[] = [
  ['Keys', ({ digest }) => (digest === null ? '–' : count(digest.keys))],
  ['Memory', ({ digest }) => (digest === null ? '–' : bytes(digest.usedBytes))],
  ['of limit', ({ digest }) => (digest === null ? '–' : share(digest.usedBytes, digest.limitBytes))],
  ['Writes', ({ digest }) => (digest === null ? '–' : rate(digest.writesPerSecond))],
  ['Reads', ({ digest }) => (digest === null ? '–' : rate(digest.readsPerSecond))],
  ['Missing', ({ digest }) => (digest === null ? '–' : count(digest.missingWrites))],
  ['Behind', ({ peer }) => (peer === null ? '–' : count(peer.behindWrites))],
  ['Loop delay', ({ digest }) => (digest === null ? '–' : duration(digest.loopDelayMs))],
  ['Round trip', ({ peer }) => duration(peer?.rttMs ?? null)],
  ['Clock', ({ peer, self }) => offset(self === null ? (peer?.clockOffsetMs ?? null) : self.clockOffsetMs)],
  ['Heard', ({ peer }) => (peer?.lastSeenAgoMs === null || peer === null ? '–' : span(peer.lastSeenAgoMs))],
];

/** A dead node's figures are what it told last; they are not shown as if they were of now. */
export function NodeTable({ nodes, selected, select }: TableProps): JSX.Element {
  return (
    <div class="table-frame" role="region" aria-label="Table of all nodes" tabIndex={0}>
      <table>
        <caption class="unseen">All nodes as one node sees them, once a second</caption>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">State</th>
            <th scope="col">Address</th>
            {COLUMNS.map(([title]) => (
              <th scope="col" class="figure" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <Row key={node.place} node={node} isSelected={node.place === selected} select={select} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly node: NodeSeen;
  readonly isSelected: boolean;
  readonly select: (place: string) => void;
}

function Row({ node, isSelected, select }: RowProps): JSX.Element {
  const { tone, word } = standing(node);
  const isSilent = node.health === 'dead' || node.health === 'left';
  const address = node.self === null ? node.address : 'this node';
  return (
    <tr data-selected={isSelected} data-tone={tone}>
      <th scope="row">
        <button type="button" class="plain" aria-pressed={isSelected} onClick={() => select(node.place)}>
          <bdi>{node.name}</bdi>
        </button>
      </th>
      <td>
        <span class="state" data-tone={tone}>
          {word}
        </span>
      </td>
      <td>
        {address}
        <span class="quiet">:{node.port}</span>
      </td>
      {COLUMNS.map(([title, of]) => (
        <td class="figure" key={title}>
          {isSilent && title !== 'Heard' ? '–' : of(node)}
        </td>
      ))}
    </tr>
  );
}
