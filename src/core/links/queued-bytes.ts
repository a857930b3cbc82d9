// What a message costs while it waits for its peer.
import type { Entry } from '../store/entry';
import type { Bulk } from '../wire/messages';
import { recordBytesMax } from '../wire/record-codec';

/** What an answer costs while it is queued, even one that says "absent". */
const ANSWER_BYTES = 160;

/** The value that a queued message refers to. */
export function valueOf(message: Bulk): Uint8Array | null {
  const entry = message.type === 'syncRecords' ? message.entries[0] : message.entry;
  return entry?.value ?? null;
}

/** Bytes of a message at most; an answer counts even when it says "absent". */
export function bulkBytesMax(message: Bulk): number {
  switch (message.type) {
    case 'write':
    case 'relay':
      return 1 + recordBytesMax(message.entry);
    case 'syncRecords':
      return message.entries.reduce((sum, entry: Entry) => sum + recordBytesMax(entry), 24);
    case 'fetchReply':
      return ANSWER_BYTES + (message.entry === null ? 0 : recordBytesMax(message.entry));
  }
}
