// The shape of a specification, versions 7 and 8, as JSON Schema. Beside the keywords that a
// machine checks, each place has a `rule`: the same in human words. Keys are listed in the order in
// which a specification is usually written.
import { PORT_MAX } from './ports';

export interface Schema {
  readonly rule?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [keyword: string]: unknown;
}

export type SpecVersion = 7 | 8;

export const PORTS_PER_COMPONENT_MAX = 5;
export const COMPONENTS_MAX = 10;
export const ENVIRONMENT_ITEMS_MAX = 20;
export const ENVIRONMENT_CHARACTERS_MAX = 400;
const COMMANDS_MAX = 20;
const NODES_MAX = 120;

/** Letters in the name of an application or a component. */
const NAME_LENGTH_MAX: Readonly<Record<SpecVersion, number>> = { 7: 32, 8: 63 };

/** The platform takes 1..100 since version 8. */
export const INSTANCES_MIN: Readonly<Record<SpecVersion, number>> = { 7: 3, 8: 1 };

const text = (rule: string, keywords: object = {}): Schema => ({ type: 'string', rule, ...keywords });

const list = (rule: string, items: Schema, keywords: object = {}): Schema => ({
  type: 'array',
  rule,
  items,
  ...keywords,
});

/** An object with exactly these keys. */
const closed = (rule: string, properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  rule,
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

export const HOST_PORT_RULE = `a host port is a number from 1 to ${PORT_MAX}`;

const portNumber = { type: 'integer', minimum: 1, maximum: PORT_MAX };

/**
 * The platform turns host ports in quotes into numbers (their range: platform-errors.ts), and
 * container ports not.
 */
const hostPort: Schema = {
  anyOf: [portNumber, { type: 'string', pattern: '^\\d{1,5}$' }],
  rule: HOST_PORT_RULE,
};
const containerPort: Schema = {
  ...portNumber,
  rule: `a container port is a number from 1 to ${PORT_MAX}, without quotes`,
};

const portList = (port: Schema): Schema =>
  list(`a list of at most ${PORTS_PER_COMPONENT_MAX} numbers; more ports need a further component`, port, {
    maxItems: PORTS_PER_COMPONENT_MAX,
  });

const environment = list(
  `a list of at most ${ENVIRONMENT_ITEMS_MAX} texts "KEY=value"`,
  text(`"KEY=value" of at most ${ENVIRONMENT_CHARACTERS_MAX} characters`, {
    maxLength: ENVIRONMENT_CHARACTERS_MAX,
  }),
  { maxItems: ENVIRONMENT_ITEMS_MAX },
);

/** Registry, port and folders are optional, the tag is not. */
const REPOTAG = '^([^\\s:@/]+(:\\d+)?/)?[^\\s:@]+:\\w[\\w.-]{0,127}$';
/**
 * Letters before a colon choose how the folder is synchronised; further mounts follow behind "|".
 */
const CONTAINER_DATA = '^([A-Za-z]+:)?/[^|]*(\\|.+)*$';

const COMPONENT: Readonly<Record<string, Schema>> = {
  description: text('1 to 256 characters', { minLength: 1, maxLength: 256 }),
  repotag: text('an image with its tag, such as ticktockbent/repram-flux:v1.0.0; at most 200 characters', {
    maxLength: 200,
    pattern: REPOTAG,
  }),
  repoauth: text('a text; empty for a public image'),
  ports: portList(hostPort),
  containerPorts: portList(containerPort),
  domains: list(
    'a list of texts, one for each port; empty where there is none',
    text('a host name of at most 253 characters, or ""', { maxLength: 253 }),
  ),
  environmentParameters: environment,
  commands: list(
    `a list of at most ${COMMANDS_MAX} texts; empty: what the image starts by itself`,
    text('at most 400 characters', { maxLength: 400 }),
    { maxItems: COMMANDS_MAX },
  ),
  containerData: text('an absolute path in the container, such as "/tmp"; 2 to 200 characters', {
    minLength: 2,
    maxLength: 200,
    pattern: CONTAINER_DATA,
  }),
  cpu: { type: 'number', rule: 'a number of cores' },
  ram: { type: 'number', rule: 'a number of megabytes' },
  hdd: { type: 'number', rule: 'a number of gigabytes' },
};

const COMPONENT_OF_V7: Readonly<Record<string, Schema>> = {
  secrets: text('a text, "" here; it belongs to version 7'),
  tiered: { type: 'boolean', rule: 'true or false' },
};

/** What each tier of hosts gives, where `tiered` is true. */
const TIER_KEYS = ['cpu', 'ram', 'hdd'].flatMap((what) =>
  ['basic', 'super', 'bamf'].map((tier) => what + tier),
);

/** `inner`: what may stand between the first and the last letter. */
const namePattern = (inner: string, max: number): string =>
  `^(?![zZ][eE][lL]|[fF][lL][uU][xX]|[wW][aA][tT][cC][hH][tT][oO][wW][eE][rR]$)[A-Za-z0-9]([${inner}]{0,${max - 2}}[A-Za-z0-9])?$`;

const NOT_NAMES = 'not beginning with zel or flux, not watchtower';
const APP_NAME: Readonly<Record<SpecVersion, Schema>> = {
  7: text(`1 to ${NAME_LENGTH_MAX[7]} letters and digits in version 7; ${NOT_NAMES}`, {
    pattern: namePattern('A-Za-z0-9', NAME_LENGTH_MAX[7]),
  }),
  8: text(`1 to ${NAME_LENGTH_MAX[8]} letters, digits and inner hyphens; ${NOT_NAMES}`, {
    pattern: namePattern('A-Za-z0-9-', NAME_LENGTH_MAX[8]),
  }),
};

const componentName = (version: SpecVersion): Schema =>
  text(`1 to ${NAME_LENGTH_MAX[version]} letters and digits${version === 7 ? ' in version 7' : ''}`, {
    pattern: `^[A-Za-z0-9]{1,${NAME_LENGTH_MAX[version]}}$`,
  });

const TOP: Readonly<Record<string, Schema>> = {
  description: text('1 to 256 characters', { minLength: 1, maxLength: 256 }),
  owner: text("the owner's Flux ID", { minLength: 1 }),
  contacts: list('a list of at most 5 texts', text('at most 75 characters', { maxLength: 75 }), {
    maxItems: 5,
  }),
  expire: {
    type: 'integer',
    minimum: 1,
    maximum: 1_056_000,
    rule: 'how long it runs, as a whole number of blocks of 30 seconds, at most 1056000; 88000 is about a month',
  },
  geolocation: list('a list of at most 10 texts', text('at most 50 characters', { maxLength: 50 }), {
    maxItems: 10,
  }),
  nodes: list(`a list of at most ${NODES_MAX} texts; empty: any node of the platform`, text('a text'), {
    maxItems: NODES_MAX,
  }),
  staticip: { type: 'boolean', rule: 'true or false' },
};

const TOP_OF_V8: Readonly<Record<string, Schema>> = {
  enterprise: {
    anyOf: [{ type: 'string' }, { const: false }],
    rule: 'a text, "" for an application that anybody may read',
  },
};

const versionSchema = (version: SpecVersion): Schema => ({
  const: version,
  rule: 'a number: 8, or an earlier version from 1 on',
});

function componentSchema(version: SpecVersion): Schema {
  const named = { name: componentName(version), ...COMPONENT };
  if (version === 8) return closed('a component', named);
  const required = closed('a component', { ...named, ...COMPONENT_OF_V7 });
  const tiers = TIER_KEYS.map((key): [string, Schema] => [key, { type: 'number', rule: 'a number' }]);
  return { ...required, properties: { ...required.properties, ...Object.fromEntries(tiers) } };
}

export function specSchema(version: SpecVersion): Schema {
  const component = componentSchema(version);
  const least = INSTANCES_MIN[version];
  return closed('a specification is a JSON object', {
    version: versionSchema(version),
    name: APP_NAME[version],
    ...TOP,
    ...(version === 8 ? TOP_OF_V8 : {}),
    instances: {
      type: 'integer',
      minimum: least,
      maximum: 100,
      rule: `a whole number from ${least} to 100${version === 7 ? '; fewer than 3 need version 8' : ''}`,
    },
    compose: list(`a list of 1 to ${COMPONENTS_MAX} components`, component, {
      minItems: 1,
      maxItems: COMPONENTS_MAX,
    }),
  });
}
