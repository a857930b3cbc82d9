// Numbers of connections and streams that leave somebody none. Wants values that are sound.
import {
  type ConnectionLimits,
  connectionLimits,
  type ConnectionShape,
  connectionsPossible,
  descriptorsNeeded,
} from './connection-limits';

/** A browser opens as many to one place, and keeps them. */
const BROWSER_CONNECTIONS = 6;
/** Two browsers, and whoever looks after the node. */
const FEW_CONNECTIONS = 16;

export interface AskedConnections {
  readonly shape: ConnectionShape;
  /** As given; 0 = computed. */
  readonly streams: number;
}

export function connectionAdvice({ shape, streams }: AskedConnections): string[] {
  const limits = connectionLimits(shape);
  return [...descriptorAdvice(shape), ...shareAdvice(shape, limits), ...streamAdvice(streams, limits)];
}

/** More than the process may have descriptors. */
function descriptorAdvice(shape: ConnectionShape): string[] {
  const possible = connectionsPossible(shape);
  const limit = `this process may have ${shape.descriptors} descriptors open (ulimit -n)`;
  const lowered =
    shape.max > possible ? [`REPRAM_MAX_CONNECTIONS is ${shape.max}, taken as ${possible}: ${limit}`] : [];
  // The least that a node has, however much memory there is.
  const least = { ...shape, clientBytes: 0 };
  const needed = descriptorsNeeded(least);
  if (needed <= shape.descriptors) return lowered;
  const places = connectionLimits(least).max * shape.nodesInProcess;
  const few = `${places} connections beside peers and files need ${needed}: where none is left, clients are refused, or reset without an answer`;
  return [...lowered, `${limit}, and ${few}`];
}

function shareAdvice({ max, perAddressMax }: ConnectionShape, limits: ConnectionLimits): string[] {
  const advised: string[] = [];
  if (max > 0 && max < FEW_CONNECTIONS)
    advised.push(
      `REPRAM_MAX_CONNECTIONS ${max} is few: a browser opens ${BROWSER_CONNECTIONS}, and each reader of /events holds one`,
    );
  if (perAddressMax > 0 && perAddressMax < BROWSER_CONNECTIONS)
    advised.push(
      `REPRAM_MAX_CONNECTIONS_PER_ADDRESS ${perAddressMax} is few: a single browser opens ${BROWSER_CONNECTIONS}`,
    );
  if (perAddressMax >= limits.max)
    advised.push(
      `REPRAM_MAX_CONNECTIONS_PER_ADDRESS ${perAddressMax} is no limit where a node takes ${limits.max} connections: one address can take the place of all others`,
    );
  return advised;
}

function streamAdvice(streams: number, { max }: ConnectionLimits): string[] {
  if (streams < max) return [];
  return [
    `REPRAM_MAX_STREAMS ${streams} is no limit where a node takes ${max} connections: readers of /events can leave none for reads and writes`,
  ];
}
