// The network as a picture: hosts as circles, nodes inside, links from the node that tells to all
// others. The drawing is for the eye; above each node lies a button for keyboard, pointer and
// screen readers.
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { hostsOf } from '../network/hosts';
import type { Host } from '../network/hosts';
import type { NodeSeen } from '../network/node-seen';
import { HostCircle } from './map-host';
import { LinkLine } from './map-link';
import { NodeGlyph } from './map-node';
import { layout } from './layout';
import type { HostPlace, Layout, Point } from './layout';
import { drawingUnit, useSize } from './use-size';
import { spoken } from './words';

const MARGIN = 26;
/** Up to here each link of the own host tells its round trip. */
const TRIPS_MAX = 12;
const SPOT_MIN = 24;

interface MapProps {
  readonly nodes: readonly NodeSeen[];
  readonly selected: string;
  /** Places where something happened moments ago. */
  readonly recent: ReadonlySet<string>;
  readonly select: (place: string) => void;
}

interface Drawn {
  readonly node: NodeSeen;
  readonly at: Point;
  readonly isOwnHost: boolean;
}

export function NetworkMap(props: MapProps): JSX.Element {
  const [frame, size] = useSize<HTMLDivElement>();
  const hosts = hostsOf(props.nodes);
  const unit = drawingUnit();
  const [width, height] = [size.width / unit, size.height / unit];
  const placed = layout(
    hosts.map(({ nodes }) => nodes.length),
    { width, height, margin: MARGIN },
  );
  const drawn = drawnNodes(hosts, placed.hosts);
  return (
    <div class="map" ref={frame}>
      {size.width > 0 && size.height > 0 && (
        <>
          <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`}>
            <Drawing {...props} hosts={hosts} placed={placed} drawn={drawn} />
          </svg>
          <Spots {...props} drawn={drawn} radius={placed.nodeRadius} unit={unit} />
        </>
      )}
    </div>
  );
}

interface DrawingProps extends MapProps {
  readonly hosts: readonly Host[];
  readonly placed: Layout;
  readonly drawn: readonly Drawn[];
}

function Drawing({ hosts, placed, drawn, selected, recent }: DrawingProps): JSX.Element {
  const self = drawn.find(({ node }) => node.self !== null);
  const own = hosts[0]?.nodes.length ?? 0;
  const radius = placed.nodeRadius;
  return (
    <>
      {hosts.map((host, index) => (
        <HostCircle key={host.id} host={host} place={placed.hosts[index]} isAlone={hosts.length === 1} />
      ))}
      {self !== undefined &&
        drawn
          .filter((each) => each !== self)
          .map(({ node, at, isOwnHost }) => (
            <LinkLine
              key={node.place}
              node={node}
              from={self.at}
              to={at}
              radius={radius}
              isTold={node.place === selected || (isOwnHost && own <= TRIPS_MAX)}
              isSelected={node.place === selected}
            />
          ))}
      {drawn.map(({ node, at }) => (
        <NodeGlyph
          key={node.place}
          node={node}
          at={at}
          radius={radius}
          isSelected={node.place === selected}
          isRecent={recent.has(node.place)}
        />
      ))}
    </>
  );
}

interface SpotsProps extends MapProps {
  readonly drawn: readonly Drawn[];
  readonly radius: number;
  readonly unit: number;
}

/** One of them is in the order of the Tab key; arrow keys go on from there. */
function Spots({ drawn, radius, unit, selected, select }: SpotsProps): JSX.Element {
  const side = Math.max(SPOT_MIN, 2.6 * radius) * unit;
  const move = (event: TargetedKeyboardEvent<HTMLElement>, index: number): void => {
    const next = drawn[index + stepOf(event.key)];
    if (stepOf(event.key) === 0 || next === undefined) return;
    event.preventDefault();
    select(next.node.place);
    const spots = event.currentTarget.parentElement?.querySelectorAll<HTMLButtonElement>('.spot');
    spots?.[index + stepOf(event.key)]?.focus();
  };
  return (
    <div role="group" aria-label="Nodes">
      {drawn.map(({ node, at }, index) => (
        <button
          key={node.place}
          type="button"
          class="spot"
          aria-label={spoken(node)}
          aria-pressed={node.place === selected}
          tabIndex={node.place === selected ? 0 : -1}
          title={spoken(node)}
          style={{ left: at.x * unit - side / 2, top: at.y * unit - side / 2, width: side, height: side }}
          onClick={() => select(node.place)}
          onKeyDown={(event) => move(event, index)}
        />
      ))}
    </div>
  );
}

function stepOf(key: string): number {
  if (key === 'ArrowRight' || key === 'ArrowDown') return 1;
  return key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 0;
}

function drawnNodes(hosts: readonly Host[], places: readonly HostPlace[]): Drawn[] {
  return hosts.flatMap((host, hostIndex) =>
    host.nodes.map((node, index) => ({
      node,
      at: places[hostIndex]?.nodes[index] ?? { x: 0, y: 0 },
      isOwnHost: host.isOwn,
    })),
  );
}
