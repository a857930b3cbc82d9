// What the plan does not say, or what a person wants otherwise: the options of npm run flux:spec.
import { parseArgs } from 'node:util';
import type { SpecVersion } from '../rules/schema';

export interface Answers {
  readonly version: SpecVersion;
  /** The plan's file; undefined = the one beside the generator. */
  readonly planFile?: string;
  /** Where the specification goes; undefined = standard output. */
  readonly outFile?: string;
  readonly owner?: string;
  readonly name?: string;
  readonly tag?: string;
  readonly domain?: string;
  readonly instances?: number;
  /** Ports and nodes of an instance, all components together. */
  readonly ports?: number;
  readonly nodes?: number;
  readonly hostPort: number;
  readonly cpu: number;
  /** Megabytes of each component; undefined = by its nodes. */
  readonly ram?: number;
  readonly hdd: number;
  readonly expire: number;
  readonly contacts: readonly string[];
  readonly geolocation: readonly string[];
  /** Over everything else; an empty text takes the variable out. */
  readonly env: Readonly<Record<string, string>>;
}

export const DEFAULTS = { hostPort: 38_081, cpu: 0.5, hdd: 1, expire: 88_000 } as const;

export const USAGE = `usage: npm run flux:spec -- [PLAN.json] [options]       (the plan: flux/app.plan.json)
  --version 8|7        of the specification (8)
  --owner ID           your Flux ID (a placeholder)
  --name NAME          of the application (the plan's, without what the web form refuses)
  --tag TAG            of the image (the plan's)
  --instances N        containers, each on a host of its own (the plan's)
  --ports N            ports of an instance (as many as the plan has container ports)
  --nodes N            nodes of an instance (the plan's NODE_COUNT)
  --host-port N        first host port (${DEFAULTS.hostPort})
  --domain NAME        own domain for the first port; "" for none (the plan's)
  --cpu N              cores of a component (${DEFAULTS.cpu})
  --ram MB             memory of a component (by its nodes)
  --hdd GB             disk of a component (${DEFAULTS.hdd})
  --expire N           how long it runs, in blocks of 30 seconds (${DEFAULTS.expire}, about a month)
  --contact TEXT       whom to notify; may be repeated
  --geolocation CODE   where it may run; may be repeated
  --env KEY=VALUE      a further variable; KEY= takes one out; may be repeated
  --out FILE           write there instead of to standard output
What it changes goes to standard error. Exit code 1: the platform would reject the result, or REPRAM would
not start in it; nothing is written. 2: usage.
`;

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const OPTIONS = {
  version: text,
  owner: text,
  name: text,
  tag: text,
  domain: text,
  out: text,
  instances: text,
  ports: text,
  nodes: text,
  'host-port': text,
  cpu: text,
  ram: text,
  hdd: text,
  expire: text,
  contact: texts,
  geolocation: texts,
  env: texts,
} as const;

/** The answers, or a sentence that says what is wrong. */
export function readAnswers(args: readonly string[]): Answers | string {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (positionals.length > 1) return 'name one plan';
    const whole = (name: 'instances' | 'ports' | 'nodes' | 'host-port' | 'ram' | 'hdd' | 'expire') =>
      numberOf(name, values[name], true);
    return stripped({
      planFile: positionals[0],
      outFile: values.out,
      owner: values.owner,
      name: values.name,
      tag: values.tag,
      domain: values.domain,
      version: versionOf(values.version),
      instances: whole('instances'),
      ports: whole('ports'),
      nodes: whole('nodes'),
      ram: whole('ram'),
      hostPort: whole('host-port') ?? DEFAULTS.hostPort,
      cpu: numberOf('cpu', values.cpu, false) ?? DEFAULTS.cpu,
      hdd: whole('hdd') ?? DEFAULTS.hdd,
      expire: whole('expire') ?? DEFAULTS.expire,
      contacts: values.contact ?? [],
      geolocation: values.geolocation ?? [],
      env: Object.fromEntries((values.env ?? []).map(variableOf)),
    });
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}

function versionOf(given: string | undefined): SpecVersion {
  if (given === undefined || given === '8') return 8;
  if (given === '7') return 7;
  throw new Error(`--version takes 8 or 7, not ${JSON.stringify(given)}`);
}

function numberOf(name: string, given: string | undefined, whole: boolean): number | undefined {
  if (given === undefined) return undefined;
  if (whole ? /^\d{1,9}$/.test(given) : /^\d{1,4}(\.\d{1,3})?$/.test(given)) return Number(given);
  throw new Error(`--${name} takes a ${whole ? 'whole ' : ''}number, not ${JSON.stringify(given)}`);
}

function variableOf(given: string): [string, string] {
  const split = given.indexOf('=');
  if (split < 1) throw new Error(`--env takes KEY=VALUE, not ${JSON.stringify(given)}`);
  return [given.slice(0, split), given.slice(split + 1)];
}

type Optional<T> = { [Key in keyof T]: T[Key] | undefined };

/** Without the keys that nobody answered. */
function stripped(answers: Optional<Required<Answers>>): Answers {
  const answered = Object.entries(answers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(answered) as unknown as Answers;
}
