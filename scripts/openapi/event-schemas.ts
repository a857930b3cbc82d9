// What events bring, as JSON Schema.
import { count, nodeId, object, type Schema, text } from './schema-parts';

const version = { ...text, pattern: '^[0-9a-f]{1,14}-[0-9a-f]{16}$', description: 'Greater ones are newer.' };
const states = ['alive', 'suspect', 'dead', 'left'];

export const EVENT_SCHEMAS: Readonly<Record<string, Schema>> = {
  PutEvent: object(
    {
      key: text,
      version,
      ttl_seconds: { type: 'number' },
      remaining_seconds: { type: 'number', minimum: 0, description: 'When this was written.' },
      size: {
        type: ['integer', 'null'],
        minimum: 0,
        description: 'Null where this node has no room for it.',
      },
      origin: { ...nodeId, description: 'The node that took the write.' },
      created_at: { ...text, format: 'date-time', description: "By the writer's clock." },
    },
    {
      value: { ...text, description: 'With values=1, of at most 4096 bytes that are UTF-8.' },
      value_base64: { ...text, contentEncoding: 'base64', description: 'The same of other bytes.' },
    },
    { description: 'A version became the newest of its key.' },
  ),
  ExpireEvent: object(
    { key: text, version },
    {},
    { description: 'It is over, and nothing is readable under the key.' },
  ),
  MemberEvent: object(
    {
      id: nodeId,
      name: text,
      from: { enum: [...states, null], description: 'Null when the reader hears of it first.' },
      to: { ...text, enum: [...states, 'forgotten'] },
      reason: { ...text, description: 'For people; may change.' },
    },
    {},
    { description: 'A member of the network, as this node sees it.' },
  ),
  ResyncEvent: object(
    {
      reason: {
        ...text,
        enum: ['position-unknown', 'position-too-old', 'position-ahead', 'storage-full'],
      },
    },
    {},
    { description: 'Something may be missing: list again.' },
  ),
  EndEvent: object(
    {
      reason: { ...text, enum: ['draining', 'slow-reader', 'syncing'] },
      peers: { type: 'array', items: object({ name: text, address: text, port: count }) },
    },
    {},
    { description: 'The node ends the stream; a peer has the same.' },
  ),
};
