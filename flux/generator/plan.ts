// The generator's input: the object in which the plan described the application. The platform
// rejects it as it is.
import type { Finding } from '../rules/finding';
import type { Schema } from '../rules/schema';
import { schemaErrors } from '../rules/structure';

export interface Plan {
  readonly name: string;
  readonly description: string;
  readonly docker_image: string;
  readonly containerPorts: readonly number[];
  readonly domains?: readonly string[];
  readonly environmentVariables?: Readonly<Record<string, string>>;
  readonly instances?: number;
  readonly containerData?: string;
  /** Whatever else the file holds. */
  readonly [key: string]: unknown;
}

const text = (rule: string): Schema => ({ type: 'string', rule });

const PLAN: Schema = {
  type: 'object',
  rule: 'a plan is a JSON object',
  required: ['name', 'description', 'docker_image', 'containerPorts'],
  properties: {
    name: text("the application's name"),
    description: text('a text'),
    docker_image: text('the image, with its tag or without'),
    containerPorts: {
      type: 'array',
      minItems: 1,
      rule: 'a list of container ports',
      items: { type: 'integer', minimum: 1, maximum: 65_535, rule: 'a number from 1 to 65535' },
    },
    domains: { type: 'array', rule: 'a list of host names', items: text('a host name') },
    environmentVariables: {
      type: 'object',
      rule: 'an object of texts',
      additionalProperties: text('a text'),
    },
    instances: { type: 'integer', rule: 'a whole number' },
    containerData: text('a path in the container'),
  },
};

/** The keys that the generator reads. */
export const PLAN_KEYS: readonly string[] = Object.keys(PLAN.properties ?? {});

/** Empty when `document` is a Plan. */
export function planErrors(document: unknown): Finding[] {
  const errors = schemaErrors(PLAN, document);
  if (errors.length > 0) return errors;
  const { containerPorts } = document as Plan;
  const gap = containerPorts.findIndex((port, index) => port !== containerPorts[0] + index);
  if (gap < 0) return [];
  return [
    {
      severity: 'error',
      place: `$.containerPorts[${gap}]`,
      value: String(containerPorts[gap]),
      rule: 'container ports follow one another: nodes claim BASE_PORT, BASE_PORT+1, ...',
    },
  ];
}
