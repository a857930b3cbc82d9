// One node in full: what it told of itself, and how it looks from the node that tells.
import type { JSX } from 'preact';
import type { Figure } from '../network/history';
import type { NodeSeen } from '../network/node-seen';
import { bytes, count, duration, offset, rate, share, several, span } from './format';
import { Plot } from './plot';
import type { Line } from './plot-options';
import { standing } from './words';

const PLOT_HEIGHT = 88;

interface InspectorProps {
  readonly node: NodeSeen;
  /** There is no other node. */
  readonly isAlone: boolean;
  /** The node's own page; null when this browser cannot reach it. */
  readonly page: string | null;
  /** The name of the node that tells. */
  readonly teller: string;
}

export function Inspector({ node, isAlone, page, teller }: InspectorProps): JSX.Element {
  const { tone, word } = standing(node);
  return (
    <section class="inspector" aria-labelledby="inspected">
      <header>
        <h2 id="inspected">
          <bdi>{node.name}</bdi>
        </h2>
        <span class="state" data-tone={tone}>
          {word}
        </span>
        {node.self !== null && !isAlone && <span class="seen-from quiet">the others are seen from here</span>}
        {page !== null && node.self === null && tone !== 'bad' && <a href={page}>Its own view</a>}
      </header>
      <dl class="facts">
        {factsOf(node, teller).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Plots node={node} />
    </section>
  );
}

function factsOf(node: NodeSeen, teller: string): (readonly [string, string])[] {
  const { peer, self, repairs, digest } = node;
  const limit =
    digest === null ? '–' : `${share(digest.usedBytes, digest.limitBytes)} of ${bytes(digest.limitBytes)}`;
  const shared: (readonly [string, string])[] = [
    ['Memory', limit],
    ['Repairs', repairs === null ? 'told by itself only' : repairText(repairs)],
  ];
  if (self !== null) {
    return [
      ['Up', span(self.uptimeSeconds * 1000)],
      ['Release', self.release],
      ['Quorum', several(self.quorum, self.quorumCounts === 'hosts' ? 'host' : 'node')],
      ['Clock', offset(self.clockOffsetMs)],
      ...shared,
    ];
  }
  if (peer === null) return shared;
  return [
    ['Address', `${peer.address}:${peer.port}`],
    [
      'Heard',
      peer.lastSeenAgoMs === null
        ? 'never'
        : `${span(peer.lastSeenAgoMs)}${peer.lastSeenAgoMs < 1000 ? '' : ' ago'}`,
    ],
    ['Versions', peer.isInStep ? `as ${teller}` : 'differ just now'],
    ['Waiting for it', waitingText(peer.behindWrites, peer.queuedBytes)],
    ...shared,
  ];
}

function waitingText(writes: number, queuedBytes: number): string {
  if (writes === 0 && queuedBytes === 0) return 'nothing';
  return queuedBytes === 0 ? several(writes, 'write') : `${several(writes, 'write')}, ${bytes(queuedBytes)}`;
}

function repairText({ join, gap, leaves }: { join: number; gap: number; leaves: number }): string {
  if (join + gap + leaves === 0) return 'none';
  return `${count(join)} joining, ${count(gap)} gaps, ${count(leaves)} leaves`;
}

function Plots({ node }: { node: NodeSeen }): JSX.Element {
  const { history } = node;
  const only = (figure: Figure): readonly Line[] => [
    { label: figure, values: history.of(figure), look: 'main' },
  ];
  const traffic: readonly Line[] = [
    { label: 'reads', values: history.of('reads'), look: 'second' },
    { label: 'writes', values: history.of('writes'), look: 'main' },
  ];
  const frame = { times: history.times, height: PLOT_HEIGHT };
  return (
    <div class="plots" key={node.place}>
      <Plot {...frame} title="Traffic" lines={traffic} format={rate} />
      <Plot {...frame} title="Memory" base={1024} lines={only('usedBytes')} format={bytes} />
      <Plot {...frame} title="Keys" lines={only('keys')} format={count} />
      <Plot {...frame} title="Missing writes" lines={only('missing')} format={count} />
      <Plot {...frame} title="Event-loop delay" lines={only('loopDelayMs')} format={duration} />
      {node.self === null && <Plot {...frame} title="Round trip" lines={only('rttMs')} format={duration} />}
      <Plot {...frame} title="Clock offset" lines={only('clockOffsetMs')} format={offset} />
    </div>
  );
}
