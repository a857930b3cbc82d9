// The network as a picture: hosts as circles, nodes inside, links from the node that tells to all
// others. The drawing is for the eye; above each node lies a button for keyboard, pointer and
// screen readers.
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { hostsOf } from '../network/hosts';
import type { Host } from '../network/hosts';
import type { NodeSeen } from '../network/node-seen';
import { HostCircle, HostLabel } from './map-host';
import { LinkLine, TrunkLine } from './map-link';
import { NodeGlyph, showsRates } from './map-node';
import { layout } from './layout';
import type { HostPlace, Layout, Point } from './layout';
import { drawingUnit, useSize } from './use-size';
import { spoken, standing } from './words';

const MARGIN = 26;
/** Of the words below the picture. */
const KEY_HEIGHT = { wide: 20, narrow: 40 };
const NARROW = 680;
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
    { width, height: height - (width < NARROW ? KEY_HEIGHT.narrow : KEY_HEIGHT.wide), margin: MARGIN },
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
          <Key drawn={drawn} hasRates={showsRates(placed)} />
        </>
      )}
    </div>
  );
}

/** What is drawn, in words. */
function Key({ drawn, hasRates }: { drawn: readonly Drawn[]; hasRates: boolean }): JSX.Element {
  const self = drawn.find(({ node }) => node.self !== null)?.node.name;
  return (
    <p class="key">
      {hasRates
        ? 'Ring: memory in use. Inside: reads and writes per second.'
        : 'Select a node to see its figures.'}
      {drawn.length > 1 && (
        <>
          {' '}
          Lines: the links of <bdi>{self}</bdi>, with their round trips.
        </>
      )}
    </p>
  );
}

interface DrawingProps extends MapProps {
  readonly hosts: readonly Host[];
  readonly placed: Layout;
  readonly drawn: readonly Drawn[];
}

function Drawing({ hosts, placed, drawn, selected, recent }: DrawingProps): JSX.Element {
  const self = drawn.find(({ node }) => node.self !== null);
  return (
    <>
      {hosts.slice(0, 1).map((host) => (
        <HostCircle key={host.id} host={host} place={placed.hosts[0]} />
      ))}
      {self !== undefined && <Trunks {...{ hosts, placed, self }} />}
      {hosts.slice(1).map((host, index) => (
        <HostCircle key={host.id} host={host} place={placed.hosts[index + 1]} />
      ))}
      {self !== undefined && <Links {...{ hosts, placed, drawn, selected, self }} />}
      {hosts.length > 1 &&
        hosts.map((host, index) => <HostLabel key={host.id} host={host} place={placed.hosts[index]} />)}
      {drawn.map(({ node, at }) => (
        <NodeGlyph
          key={node.place}
          node={node}
          at={at}
          radius={placed.nodeRadius}
          room={placed.spacing}
          isSelected={node.place === selected}
          isRecent={recent.has(node.place)}
        />
      ))}
    </>
  );
}

interface LinksProps extends Pick<DrawingProps, 'hosts' | 'placed' | 'drawn' | 'selected'> {
  readonly self: Drawn;
}

/** One line to each other host. It passes behind those in between. */
function Trunks({ hosts, placed, self }: Pick<LinksProps, 'hosts' | 'placed' | 'self'>): JSX.Element {
  return (
    <>
      {hosts.slice(1).map((host, index) => (
        <TrunkLine
          key={host.id}
          host={host}
          from={self.at}
          to={placed.hosts[index + 1]}
          radius={placed.nodeRadius}
        />
      ))}
    </>
  );
}

/**
 * One line to each node of the own host. Of the nodes elsewhere, those with something to tell have
 * a line of their own.
 */
function Links({ hosts, placed, drawn, selected, self }: LinksProps): JSX.Element {
  const own = hosts[0]?.nodes.length ?? 0;
  const silent = new Set(hosts.filter(({ isSilent }) => isSilent).map(({ id }) => id));
  const single = drawn.filter(({ node, isOwnHost }) => {
    if (node === self.node) return false;
    return isOwnHost || node.place === selected || (standing(node).tone !== 'well' && !silent.has(node.host));
  });
  return (
    <>
      {single.map(({ node, at, isOwnHost }) => (
        <LinkLine
          key={node.place}
          node={node}
          from={self.at}
          to={at}
          radius={placed.nodeRadius}
          isTold={node.place === selected || (isOwnHost && own <= TRIPS_MAX)}
          isSelected={node.place === selected}
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
          style={boxAround(at, side, unit)}
          onClick={() => select(node.place)}
          onKeyDown={(event) => move(event, index)}
        />
      ))}
    </div>
  );
}

function boxAround({ x, y }: Point, side: number, unit: number): Record<string, string> {
  return {
    left: `${x * unit - side / 2}px`,
    top: `${y * unit - side / 2}px`,
    width: `${side}px`,
    height: `${side}px`,
  };
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
