// The range of ports on this machine that nodes claim by themselves, by the variables that nodes
// read too. Nodes refuse to start with what is wrong in them, so nobody would be found there.
import { isBindAddress, loopbackOf } from '../../config/addresses';
import { InputError } from '../cli-error';
import type { CliEnvironment } from '../environment';

export interface OwnRange {
  readonly host: string;
  readonly first: number;
  readonly last: number;
  /** Then the range is the usual one. */
  readonly problem: InputError | null;
}

type Texts = Pick<CliEnvironment, 'basePort' | 'maxPorts' | 'bindAddress'>;

const BASE_PORT = 8081;
const MAX_PORTS = 10;
const PORT_MAX = 65_535;
/** As many as a node may be given. */
const MAX_PORTS_MAX = 1000;
/** Nodes claim from the first one on, so more would only take long. */
const LOOKED_AT_MAX = 100;

export function ownRange({ basePort, maxPorts, bindAddress }: Texts): OwnRange {
  const first = whole(basePort, BASE_PORT, PORT_MAX);
  const count = whole(maxPorts, MAX_PORTS, MAX_PORTS_MAX);
  const problem = problemOf({ basePort, maxPorts, bindAddress }, first, count);
  if (first === null || count === null || problem !== null)
    return { host: loopbackOf(''), first: BASE_PORT, last: BASE_PORT + MAX_PORTS - 1, problem };
  const last = first + Math.min(LOOKED_AT_MAX, count) - 1;
  return { host: loopbackOf(bindAddress), first, last, problem };
}

/** Null for what is none, from 1 to `most`. */
function whole(text: string, fallback: number, most: number): number | null {
  if (text === '') return fallback;
  const value = Number(text);
  return /^\d{1,5}$/.test(text) && value >= 1 && value <= most ? value : null;
}

function problemOf(
  { basePort, maxPorts, bindAddress }: Texts,
  first: number | null,
  count: number | null,
): InputError | null {
  if (first === null) return new InputError('BASE_PORT', basePort, `a whole number from 1 to ${PORT_MAX}`);
  if (count === null)
    return new InputError('MAX_PORTS', maxPorts, `a whole number from 1 to ${MAX_PORTS_MAX}`);
  if (first + count - 1 > PORT_MAX) {
    const allowed = `at most ${PORT_MAX - first + 1} with BASE_PORT ${first}: the range ends at port ${PORT_MAX}`;
    return new InputError('MAX_PORTS', maxPorts === '' ? String(MAX_PORTS) : maxPorts, allowed);
  }
  if (bindAddress === '' || isBindAddress(bindAddress)) return null;
  const allowed = 'an IP address of this host, or a name that resolves to one, without port';
  return new InputError('REPRAM_BIND_ADDRESS', bindAddress, allowed);
}
