// What the command line takes from the environment. Nodes read theirs in config/read-settings.ts.

export interface CliEnvironment {
  /** REPRAM_NODES, or empty. */
  readonly nodes: string;
  /** As they were set, of the range where nodes of this machine are looked for; or empty. */
  readonly basePort: string;
  readonly maxPorts: string;
  readonly bindAddress: string;
  /** NO_COLOR, TERM=dumb, or FORCE_COLOR; null = as the terminal has it. */
  readonly colors: boolean | null;
  /** All of it, for what is started from here. */
  readonly all: Readonly<Record<string, string | undefined>>;
}

export function readCliEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): CliEnvironment {
  return {
    nodes: (env.REPRAM_NODES ?? '').trim(),
    basePort: withoutService(env.BASE_PORT),
    maxPorts: (env.MAX_PORTS ?? '').trim(),
    bindAddress: (env.REPRAM_BIND_ADDRESS ?? '').trim(),
    colors: colorsOf(env),
    all: env,
  };
}

/** Kubernetes sets this one for a service that is called base, and nodes ignore it too. */
function withoutService(text = ''): string {
  return text.startsWith('tcp://') ? '' : text.trim();
}

/** https://no-color.org: any text but an empty one. */
function colorsOf(env: Readonly<Record<string, string | undefined>>): boolean | null {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return env.TERM === 'dumb' ? false : null;
}
