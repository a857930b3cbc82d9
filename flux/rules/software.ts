// Whether REPRAM will start in the container, and do there what the specification promises outside
// of it. The platform asks none of this. What REPRAM refuses is an error, everything else a
// warning.
import { memoryBudget } from '../../src/config/memory-budget';
import { readEnvironment } from '../../src/config/read-environment';
import { RESERVED_VARIABLES } from '../../src/config/variables';
import { warning, type Finding } from './finding';
import { PORT_WARNINGS } from './port-warnings';
import { isNumber, variablesOf, type ComponentView } from './spec-view';
import { ofVariable, refusedVariable, type Subject } from './subject';

const MEGABYTE = 1_048_576;

const RULES: readonly ((subject: Subject) => Finding[])[] = [
  ...PORT_WARNINGS,
  plansDomain,
  rateLimit,
  noSecret,
  memory,
];

/** A file of the container, which is not here. */
const SECRET_FILE = 'REPRAM_CLUSTER_SECRET_FILE';

/** `appName`: the platform tells it to the container. */
export function softwareFindings(component: ComponentView, appName: unknown): Finding[] {
  const given = variablesOf(component);
  const raw = { FLUX_APP_NAME: String(appName), ...given, [SECRET_FILE]: undefined };
  const { texts, problems, warnings } = readEnvironment(raw);
  const subject = { component, given, texts: texts as unknown as Readonly<Record<string, string>> };
  // A name of the application that is none is the platform's matter.
  const refused = problems.filter(({ variable }) => variable !== 'FLUX_APP_NAME' || variable in given);
  const wrong = refused.map(({ variable, allowed }) => refusedVariable(subject, variable, allowed));
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

function twoSecrets(subject: Subject): Finding[] {
  const { REPRAM_CLUSTER_SECRET: text, [SECRET_FILE]: file } = subject.given;
  if (!text || !file) return [];
  return [refusedVariable(subject, SECRET_FILE, 'one secret at most: as a variable, or as a file')];
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
