// The shape of a specification, versions 7 and 8, as JSON Schema. Beside the keywords that a machine checks, each place has
// a `rule`: the same in human words. Keys are listed in the order in which a specification is usually written.
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

const port = (what: string): Schema => ({
  type: 'integer',
  minimum: 1,
  maximum: PORT_MAX,
  rule: `${what} is a number from 1 to ${PORT_MAX}, without quotes`,
});

const portList = (what: string): Schema =>
  list(
    `a list of at most ${PORTS_PER_COMPONENT_MAX} numbers; more ports need a further component`,
    port(what),
    { maxItems: PORTS_PER_COMPONENT_MAX },
  );

const environment = list(
  `a list of at most ${ENVIRONMENT_ITEMS_MAX} texts "KEY=value"`,
  text(`"KEY=value" of at most ${ENVIRONMENT_CHARACTERS_MAX} characters`, {
    maxLength: ENVIRONMENT_CHARACTERS_MAX,
    pattern: '^[^=\\s]+=',
  }),
  { maxItems: ENVIRONMENT_ITEMS_MAX },
);

/** Registry, port and folders are optional, the tag is not. */
const REPOTAG = '^([^\\s:@/]+(:\\d+)?/)?[^\\s:@]+:\\w[\\w.-]{0,127}$';
/** Letters before a colon choose how the folder is synchronised; further mounts follow behind "|". */
const CONTAINER_DATA = '^([A-Za-z]+:)?/[^|]*(\\|.+)*$';

const COMPONENT: Readonly<Record<string, Schema>> = {
  name: text('1 to 63 letters and digits', { pattern: '^[A-Za-z0-9]{1,63}$' }),
  description: text('a text'),
  repotag: text('an image with its tag, such as ticktockbent/repram-flux:v1.0.0', { pattern: REPOTAG }),
  repoauth: text('a text; empty for a public image'),
  ports: portList('a host port'),
  containerPorts: portList('a container port'),
  domains: list('a list of texts, one for each port; empty where there is none', text('a host name or ""')),
  environmentParameters: environment,
  commands: list('a list of texts; empty: what the image starts by itself', text('a text')),
  containerData: text('an absolute path in the container, such as "/tmp"', { pattern: CONTAINER_DATA }),
  cpu: { type: 'number', minimum: 0.1, multipleOf: 0.1, rule: 'a number of cores, in steps of 0.1' },
  ram: { type: 'integer', minimum: 100, rule: 'a whole number of megabytes, at least 100' },
  hdd: { type: 'integer', minimum: 1, rule: 'a whole number of gigabytes, at least 1' },
};

const COMPONENT_OF_V7: Readonly<Record<string, Schema>> = {
  secrets: text('a text, "" here; it belongs to version 7'),
  tiered: { const: false, rule: 'false: tiers bring further keys, which are not used here' },
};

const NAME = '^(?![zZ][eE][lL]|[fF][lL][uU][xX])[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$';

const TOP: Readonly<Record<string, Schema>> = {
  name: text('1 to 63 letters, digits and inner hyphens; not beginning with zel or flux', { pattern: NAME }),
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
  nodes: list('a list of texts; empty: any node of the platform', text('a text')),
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
  rule: 'the number 8, or 7; the platform still takes 1 to 6, whose keys are others and not checked here',
});

export function specSchema(version: SpecVersion): Schema {
  const component = closed('a component', version === 7 ? { ...COMPONENT, ...COMPONENT_OF_V7 } : COMPONENT);
  const least = INSTANCES_MIN[version];
  return closed('a specification is a JSON object', {
    version: versionSchema(version),
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
