// Finds what a link or a look-up asks for: one value, which may be sealed.
import type { NodeList } from '../node-api/node-list';
import { explain } from '../words/explain';
import { isAddressable, readValue, type StoredValue } from '../node-api/data';
import { cutTo, printable } from '../words/printable';
import { remainingMs } from '../words/lifetime';
import type { Opened } from './address';
import type { Message } from './board';
import { PRIVATE_PREFIX, PRIVATE_TEXT_MAX, canSeal, unseal } from './secret';
import { messageOfAnswer } from './told';

export type Found =
  | { readonly kind: 'message'; readonly message: Message; readonly deadlineMs: number }
  | { readonly kind: 'problem'; readonly words: string };

const GONE = 'There is nothing under this key: its time is up, or it never was.';
const NOT_WHOLE =
  'This link is not whole: something of it is missing, or something was added to it. Ask for it once more before its time is up.';
const NO_WAY =
  'This browser opens private messages only over HTTPS or on this machine itself. This page came over plain HTTP.';

export async function find(opened: Exclude<Opened, { kind: 'nothing' }>, nodes: NodeList): Promise<Found> {
  if (opened.kind === 'broken') return { kind: 'problem', words: NOT_WHOLE };
  if (opened.kind === 'private' && !canSeal()) return { kind: 'problem', words: NO_WAY };
  const key = opened.kind === 'message' ? opened.key : PRIVATE_PREFIX + opened.id;
  if (!isAddressable(key)) return { kind: 'problem', words: 'This is no key.' };
  const value = await readValue(nodes.current, key);
  if (!value.ok) {
    if (value.failure.kind === 'refused' && value.failure.status === 404)
      return { kind: 'problem', words: GONE };
    const { title, detail } = explain(value.failure, navigator.onLine);
    return { kind: 'problem', words: `${title} ${detail}` };
  }
  const message = await messageIn(opened, key, value.value);
  if (message === null) return { kind: 'problem', words: 'The key in this link does not open the message.' };
  const deadlineMs = performance.now() + remainingMs(value.value, Date.now());
  return { kind: 'message', message, deadlineMs };
}

async function messageIn(opened: Opened, key: string, value: StoredValue): Promise<Message | null> {
  const message = messageOfAnswer(key, value, Date.now());
  if (opened.kind !== 'private') return message;
  const text = await unseal(value.bytes, opened.secret, key);
  if (text === null) return null;
  const shown = cutTo(printable(text), PRIVATE_TEXT_MAX);
  return { ...message, content: { text: shown, author: '', location: '', foreign: true, cut: false } };
}
