// What a person typed behind the name of a program. Settings are environment variables, so there is
// nothing to take but a question about the program. An argument that would be ignored was meant for
// something: it is refused.
import { documentPath } from './document-path';
import { readRelease } from './release';

/** The exit code for what the program was never made to take, as for bad settings. */
const BAD_ARGUMENTS_CODE = 2;

const LINE_CHARACTERS_MAX = 80;

const USAGE = {
  launcher: `usage: npm start                    (or: node dist/launcher.js)
Starts NODE_COUNT nodes (3), each in a process of its own on the first free ports from BASE_PORT
(8081) on, and keeps them running. Ctrl-C stops all of them.
`,
  node: `usage: node dist/node.js
Runs a single node on the first free port from BASE_PORT (8081) on. Nobody starts it again when it
ends; npm start runs several nodes and keeps them running.
`,
  'health-check': `usage: node dist/health-check.js
Asks the node on BASE_PORT (8081) of this host whether it is healthy: exit code 0 when it is, 1 when
it is not or nobody answers, 2 when a setting is wrong. Standard error says what is wrong. The
image's HEALTHCHECK runs it.
`,
} as const;

const rest = (): string => `
Settings are environment variables; ${documentPath('configuration.md')} explains each of them:
  NODE_COUNT=5 npm start
  BASE_PORT=9001 MAX_PORTS=20 npm start
  REPRAM_PEERS=203.0.113.7:8081 REPRAM_CLUSTER_SECRET_FILE=/run/secrets/repram npm start

  -h, --help     prints this
  --version      prints the version
`;

/** What the program says before it ends, instead of running. */
export interface LastWords {
  readonly to: 'lines' | 'errors';
  readonly text: string;
  readonly code: number;
}

/** Null: run. @param args without the interpreter and the script */
export function readCommandLine(program: keyof typeof USAGE, args: readonly string[]): LastWords | null {
  if (args.length === 0) return null;
  const unknown = args.find((arg) => !['-h', '--help', '--version'].includes(arg));
  if (unknown !== undefined) return { to: 'errors', text: refusal(unknown), code: BAD_ARGUMENTS_CODE };
  const isVersion = args.every((arg) => arg === '--version');
  return { to: 'lines', text: isVersion ? `${readRelease()}\n` : `${USAGE[program]}${rest()}`, code: 0 };
}

function refusal(arg: string): string {
  const shown = arg.length > LINE_CHARACTERS_MAX ? `${arg.slice(0, LINE_CHARACTERS_MAX - 3)}...` : arg;
  const remedy = `settings are environment variables, see ${documentPath('configuration.md')} and --help`;
  return `REPRAM did not start: unknown argument ${JSON.stringify(shown)}; ${remedy}\n`;
}
