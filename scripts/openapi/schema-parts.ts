// What schemas are made of.

/** Any JSON Schema; checked by linting the document and by validating real answers against it. */
export type Schema = Readonly<Record<string, unknown>>;

export const text = { type: 'string' };
export const count = { type: 'integer', minimum: 0 };
export const amount = { type: 'number' };
export const flag = { type: 'boolean' };
export const nodeId = { type: 'string', pattern: '^[0-9a-f]{16}$', examples: ['9f8a2c4e6b1d3570'] };
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });

type Members = Readonly<Record<string, Schema>>;

/** An object that has all of `required` and may have `optional`. */
export function object(required: Members, optional: Members = {}, more: Schema = {}): Schema {
  return {
    type: 'object',
    required: Object.keys(required),
    properties: { ...required, ...optional },
    ...more,
  };
}
