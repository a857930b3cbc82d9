// Whether REPRAM will do in the container what the specification promises outside of it. The platform asks none of this.
import { memoryBudget } from '../../src/config/memory-budget';
import { readEnvironment } from '../../src/config/read-environment';
import { RESERVED_VARIABLES } from '../../src/config/variables';
import { warning, type Finding } from './finding';
import { advertisedPorts, portMapText } from './port-map';
import { portsFrom } from './ports';
import { isNumber, variablesOf, type ComponentView } from './spec-view';

const MEGABYTE = 1_048_576;

/** A component with the environment its nodes see, defaults filled in. */
interface Subject {
  readonly component: ComponentView;
  readonly given: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
}

const RULES: readonly ((subject: Subject) => Finding[])[] = [
  unreachableRange,
  idlePorts,
  portMap,
  plansDomain,
  rateLimit,
  noSecret,
  memory,
];

/** A file of the container, which is not here. */
const SECRET_FILE = 'REPRAM_CLUSTER_SECRET_FILE';

/** `appName`: the platform tells it to the container. */
export function softwareWarnings(component: ComponentView, appName: unknown): Finding[] {
  const given = variablesOf(component);
  const raw = { FLUX_APP_NAME: String(appName), ...given, [SECRET_FILE]: undefined };
  const { texts, problems, warnings } = readEnvironment(raw);
  const subject = { component, given, texts: texts as unknown as Readonly<Record<string, string>> };
  const wrong = problems.map(({ variable, allowed }) =>
    ofVariable(subject, variable, `REPRAM will not start; allowed: ${allowed}`),
  );
  const doubtful = warnings.flatMap((text) => {
    const [name] = text.split(' ');
    return RESERVED_VARIABLES.includes(name) ? [] : [ofVariable(subject, name, text)];
  });
  const rest = wrong.length > 0 ? [] : RULES.flatMap((rule) => rule(subject));
  return [...wrong, ...doubtful, ...repeatedNames(component), ...twoSecrets(subject), ...rest];
}

function repeatedNames({ environment }: ComponentView): Finding[] {
  const names = environment.map(({ key }) => key);
  return environment
    .filter(({ key }, index) => names.indexOf(key) < index)
    .map(({ place, key }) => warning(place, key, 'the variable was set before'));
}

/** At the variable where it is set, else at the list that lacks it. */
function ofVariable({ component, given }: Subject, name: string, rule: string): Finding {
  const item = component.environment.filter(({ key }) => key === name).at(-1);
  const place = item?.place ?? `${component.place}.environmentParameters`;
  return item === undefined
    ? warning(place, undefined, `${name}: ${rule}`)
    : warning(place, name.includes('SECRET') ? name : `${name}=${given[name]}`, rule);
}

function twoSecrets(subject: Subject): Finding[] {
  const { REPRAM_CLUSTER_SECRET: text, [SECRET_FILE]: file } = subject.given;
  if (!text || !file) return [];
  return [ofVariable(subject, SECRET_FILE, 'one secret at most: as a variable, or as a file')];
}

function claimedPorts({ texts }: Subject): number[] {
  return portsFrom(Number(texts.BASE_PORT), Number(texts.MAX_PORTS));
}

function unreachableRange(subject: Subject): Finding[] {
  const exposed = new Set(subject.component.containerPorts.map(({ value }) => value));
  const hidden = claimedPorts(subject).filter((port) => !exposed.has(port));
  if (hidden.length === 0) return [];
  const { BASE_PORT, MAX_PORTS } = subject.texts;
  return [
    warning(
      `${subject.component.place}.containerPorts`,
      [...exposed],
      `nodes may claim BASE_PORT to BASE_PORT+MAX_PORTS-1 (${BASE_PORT}, ${MAX_PORTS} of them), but ${hidden.join(', ')} cannot be reached from outside`,
    ),
  ];
}

function idlePorts(subject: Subject): Finding[] {
  const { component, texts } = subject;
  const used = claimedPorts(subject).slice(0, Number(texts.NODE_COUNT));
  return component.containerPorts
    .filter(({ value }) => !used.includes(value))
    .map(({ place, value }) => {
      const rule = `no node listens there: NODE_COUNT ${texts.NODE_COUNT} from BASE_PORT ${texts.BASE_PORT} on; the port's gateway name answers nothing`;
      return warning(place, value, rule);
    });
}

function portMap(subject: Subject): Finding[] {
  const { component, given } = subject;
  const right = portMapText(component.pairs);
  const text = given.REPRAM_ADVERTISE_PORTS as string | undefined;
  if (text === undefined) {
    if (component.pairs.every(({ container, host }) => container === host)) return [];
    const rule = `nodes are not told their host ports and have to ask the platform's API for them; set ${right}`;
    return [ofVariable(subject, 'REPRAM_ADVERTISE_PORTS', rule)];
  }
  const told = advertisedPorts(text);
  const agrees =
    told !== null && component.pairs.every(({ container, host }) => told.get(container) === host);
  if (agrees) return [];
  const rule = `it differs from containerPorts and ports, which are ${right}`;
  return [ofVariable(subject, 'REPRAM_ADVERTISE_PORTS', rule)];
}

function plansDomain(subject: Subject): Finding[] {
  const domain = subject.texts.DISCOVERY_DOMAIN;
  if (domain === 'localhost') return [];
  const rule =
    'a name that leads to the gateway, which listens on 80 and 443 only: a search of its ports finds nobody; instances are found through the list of the platform';
  return [ofVariable(subject, 'DISCOVERY_DOMAIN', rule)];
}

function rateLimit(subject: Subject): Finding[] {
  const { REPRAM_RATE_LIMIT: limit, REPRAM_TRUST_PROXY: trust } = subject.texts;
  if (limit === '0') {
    const rule = 'without a limit one client can keep a public port busy';
    return [ofVariable(subject, 'REPRAM_RATE_LIMIT', rule)];
  }
  if (trust !== 'false') return [];
  const rule = `behind a gateway all visitors have its address and share ${limit} requests per second (docs/flux.md)`;
  return [ofVariable(subject, 'REPRAM_TRUST_PROXY', rule)];
}

/** F_S_ENV: variables that the platform fetches from a URL when it creates the container. */
const SECRET_SOURCES = ['REPRAM_CLUSTER_SECRET', SECRET_FILE, 'F_S_ENV'];

function noSecret(subject: Subject): Finding[] {
  if (SECRET_SOURCES.some((name) => (subject.given[name] ?? '') !== '')) return [];
  const rule =
    'without a secret whoever dials from the address of an instance may become a peer, other applications on that machine included (docs/flux.md)';
  return [ofVariable(subject, 'REPRAM_CLUSTER_SECRET', rule)];
}

function memory({ component, texts }: Subject): Finding[] {
  const { ram } = component.keys;
  if (!isNumber(ram) || ram <= 0) return [];
  const shape = {
    limitBytes: ram * MEGABYTE,
    nodeCount: Number(texts.NODE_COUNT),
    isolation: texts.REPRAM_ISOLATION === 'none' ? ('none' as const) : ('process' as const),
    storageMegabytes: Number(texts.REPRAM_MAX_STORAGE_MB),
  };
  const { tight, storageMegabytes } = memoryBudget(shape);
  if (!tight) return [];
  const rule = `${shape.nodeCount} nodes of ${storageMegabytes} MB storage may need more, and the container is killed then; more ram, fewer nodes, or REPRAM_ISOLATION=none`;
  return [warning(`${component.place}.ram`, ram, rule)];
}
