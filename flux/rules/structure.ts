// Holds a document to the schema and turns each violation into place, value and rule.
import Ajv, { type ErrorObject } from 'ajv';
import { error, type Finding } from './finding';
import { misplacedKey } from './misplaced-keys';
import { specSchema, type Schema, type SpecVersion } from './schema';

/** Which version's rules a document is held to: its own if it is known, else the newest. */
export function versionOf(document: unknown): SpecVersion {
  return isObject(document) && document.version === 7 ? 7 : 8;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Versions that the platform still takes, whose keys are others and not checked here. */
export function isEarlierVersion(document: unknown): boolean {
  return isObject(document) && [1, 2, 3, 4, 5, 6].includes(document.version as number);
}

export function structureErrors(document: unknown): Finding[] {
  return schemaErrors(specSchema(versionOf(document)), document);
}

/** Every violation once, in the order of the schema. */
export function schemaErrors(schema: Schema, document: unknown): Finding[] {
  // multipleOf 0.1 is asked of binary fractions.
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, multipleOfPrecision: 6 });
  const validate = ajv.compile(schema);
  validate(document);
  const findings = (validate.errors ?? []).flatMap(findingOf);
  const seen = new Set<string>();
  return findings.filter(({ place, rule }) => {
    const key = `${place} ${rule}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function findingOf(violation: ErrorObject): Finding[] {
  const { keyword, instancePath, data, params } = violation;
  const schema = violation.parentSchema as Schema;
  const place = placeOf(instancePath);
  if (keyword === 'required') {
    const key = (params as { missingProperty: string }).missingProperty;
    return [
      error(`${place}.${key}`, undefined, `the key is required: ${schema.properties?.[key].rule ?? ''}`),
    ];
  }
  if (keyword === 'additionalProperties') {
    const key = (params as { additionalProperty: string }).additionalProperty;
    const value = (data as Readonly<Record<string, unknown>>)[key];
    return [error(placeIn(place, key), value, `unknown keys are rejected${misplacedKey(key)}`)];
  }
  // Parts of an alternative have no rule of their own.
  return schema.rule === undefined ? [] : [error(place, data, schema.rule)];
}

/** "/compose/0/ports/2" -> "$.compose[0].ports[2]". */
function placeOf(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce(
    (place, name) => (/^\d+$/.test(name) ? `${place}[${name}]` : placeIn(place, name)),
    '$',
  );
}

function placeIn(place: string, key: string): string {
  return /^\w+$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`;
}
