// The whole network in five figures, each with its last five minutes.
import type { JSX } from 'preact';
import type { Network } from '../network/network';
import { totalsOf } from '../network/totals';
import type { TotalFigure } from '../network/totals';
import { bytes, count, rate, share } from './format';
import { Plot } from './plot';

const HEIGHT = 34;

interface Tile {
  readonly title: string;
  readonly figure: TotalFigure;
  readonly format: (value: number) => string;
}

const TILES: readonly Tile[] = [
  { title: 'Writes', figure: 'writes', format: rate },
  { title: 'Reads', figure: 'reads', format: rate },
  { title: 'Keys', figure: 'keys', format: count },
  { title: 'Memory, fullest node', figure: 'usedBytes', format: bytes },
  { title: 'Missing writes', figure: 'missing', format: count },
];

export function Summary({ network }: { network: Network }): JSX.Element {
  const { totals } = network;
  const now = totalsOf(network.all());
  return (
    <section class="summary" aria-label="The whole network">
      {TILES.map(({ title, figure, format }) => (
        <div class="tile" key={figure}>
          <Plot
            isBare
            base={figure === 'usedBytes' ? 1024 : 1000}
            title={title}
            times={totals.times}
            lines={[{ label: title, values: totals.of(figure), look: 'main' }]}
            format={format}
            height={HEIGHT}
          />
          {figure === 'usedBytes' && now.limitBytes > 0 && (
            <p class="tile-note">
              {share(now.usedBytes, now.limitBytes)} of {bytes(now.limitBytes)}
            </p>
          )}
        </div>
      ))}
    </section>
  );
}
