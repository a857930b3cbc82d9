// What events say, as changes; and which of them were told before.
import type { Change, MemberState } from './answers';
import { fromBase64, type Encryption } from './encryption';
import type { EventBlock } from './event-lines';
import { compareVersions, isVersion } from './versions';

const TOLD_KEYS_MAX = 4096;

/** As docs/events.md lists them, by the names of the JSON. */
interface EventData {
  readonly key: string;
  readonly version: string;
  readonly ttl_seconds: number;
  readonly remaining_seconds: number;
  readonly size: number;
  readonly origin: string;
  readonly created_at: string;
  readonly value?: string;
  readonly value_base64?: string;
  readonly id: string;
  readonly name: string;
  readonly from: MemberState | null;
  readonly to: MemberState | 'forgotten';
  readonly reason: string;
}

/**
 * Null for what this client does not know: a later node may tell more.
 *
 * @throws SyntaxError when it is no JSON, TypeError when it does not say what it has to
 */
export async function changeOf(event: EventBlock, encryption: Encryption | null): Promise<Change | null> {
  const position = event.id;
  const data = dataOf(event);
  switch (event.type) {
    case 'put': {
      const { key, version, size, origin } = data;
      const value = await valueIn(data, encryption);
      return {
        type: 'put',
        key,
        version,
        ttlSeconds: data.ttl_seconds,
        remainingSeconds: data.remaining_seconds,
        size,
        origin,
        createdAt: new Date(data.created_at),
        position,
        ...(value === null ? null : { value }),
      };
    }
    case 'expire':
      return { type: 'expire', key: data.key, version: data.version, position };
    case 'member': {
      const { id, name, from, to, reason } = data;
      return { type: 'member', id, name, from, to, reason, position };
    }
    case 'resync':
      return { type: 'resync', reason: data.reason, position };
    case 'caught-up':
      return { type: 'caught-up', position };
  }
  return null;
}

const TEXT = 'string';
const NUMBER = 'number';
/** What the events of each type have to say. The rest is looked at where it is used. */
const SAID: Readonly<Record<string, Readonly<Partial<Record<keyof EventData, string>>> | undefined>> = {
  put: {
    key: TEXT,
    version: TEXT,
    ttl_seconds: NUMBER,
    remaining_seconds: NUMBER,
    size: NUMBER,
    origin: TEXT,
    created_at: TEXT,
  },
  expire: { key: TEXT, version: TEXT },
  member: { id: TEXT, name: TEXT, to: TEXT, reason: TEXT },
  resync: { reason: TEXT },
};

function dataOf({ type, data }: EventBlock): EventData {
  const said = (JSON.parse(data) ?? {}) as Readonly<Record<string, unknown>>;
  for (const [name, kind] of Object.entries(SAID[type] ?? {}))
    if (typeof said[name] !== kind) throw new TypeError(`${type} has a ${name} that is no ${kind}`);
  return said as unknown as EventData;
}

async function valueIn(data: EventData, encryption: Encryption | null): Promise<Uint8Array | null> {
  const bytes = bytesIn(data);
  if (bytes === null || encryption === null) return bytes;
  return encryption.open(data.key, bytes).catch(() => null);
}

function bytesIn({ value, value_base64 }: EventData): Uint8Array | null {
  if (value !== undefined) return new TextEncoder().encode(value);
  return value_base64 === undefined ? null : fromBase64(value_base64);
}

/** The last keys that were told of. What comes again after a change of nodes is left out. */
export class Told {
  private readonly byKey = new Map<string, { readonly version: string; readonly isOver: boolean }>();

  isNews(change: Change): boolean {
    if (change.type === 'resync') this.byKey.clear();
    if (change.type !== 'put' && change.type !== 'expire') return true;
    const { key, version } = change;
    const isOver = change.type === 'expire';
    const told = this.byKey.get(key);
    if (told !== undefined && isVersion(version)) {
      const order = compareVersions(version, told.version);
      if (order < 0 || (order === 0 && (told.isOver || !isOver))) return false;
    }
    this.byKey.delete(key);
    this.byKey.set(key, { version, isOver });
    if (this.byKey.size > TOLD_KEYS_MAX) {
      const oldest = this.byKey.keys().next();
      if (oldest.done !== true) this.byKey.delete(oldest.value);
    }
    return true;
  }
}
