// What the command line takes from the environment. Nodes read theirs in config/read-settings.ts.

export interface CliEnvironment {
  /** REPRAM_NODES, or empty. */
  readonly nodes: string;
  /** Of the range where nodes of this machine are looked for. */
  readonly basePort: number;
  readonly maxPorts: number;
  readonly bindAddress: string;
  /** NO_COLOR, TERM=dumb, or FORCE_COLOR; null = as the terminal has it. */
  readonly colors: boolean | null;
  /** All of it, for what is started from here. */
  readonly all: Readonly<Record<string, string | undefined>>;
}

const BASE_PORT = 8081;
const MAX_PORTS = 10;

export function readCliEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): CliEnvironment {
  return {
    nodes: (env.REPRAM_NODES ?? '').trim(),
    basePort: portOr(env.BASE_PORT, 65_535, BASE_PORT),
    maxPorts: portOr(env.MAX_PORTS, 100, MAX_PORTS),
    bindAddress: (env.REPRAM_BIND_ADDRESS ?? '').trim(),
    colors: colorsOf(env),
    all: env,
  };
}

/** What is no port is told by `repram doctor` and by nodes. Here it is as if it were not set. */
function portOr(text: string | undefined, most: number, fallback: number): number {
  const value = Number(text);
  return /^\d{1,5}$/.test((text ?? '').trim()) && value >= 1 && value <= most ? value : fallback;
}

/** https://no-color.org: any text but an empty one. */
function colorsOf(env: Readonly<Record<string, string | undefined>>): boolean | null {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return env.TERM === 'dumb' ? false : null;
}
