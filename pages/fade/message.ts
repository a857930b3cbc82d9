// What a message is on the wire (docs/fade.md), and how whatever else lies under the prefix becomes
// plain text. Anyone can store anything there: nothing read here is ever interpreted as markup, and
// everything is bounded.
import { cutTo, lengthOf, printable, printableName } from '../words/printable';

export const PREFIX = 'fade/';
/** Characters (code points) that this page writes. */
export const TEXT_MAX = 280;
/** Characters that it shows of what others wrote. */
export const SHOWN_MAX = 2000;
export const NAME_MAX = 40;

const STAMPED_KEY = /^fade\/(\d{13})-[0-9a-z]+$/;

export interface Content {
  /** At most SHOWN_MAX characters. */
  readonly text: string;
  /** '' when none was given. */
  readonly author: string;
  /** '' when none was given. */
  readonly location: string;
  /** Not written in Fade's format. */
  readonly foreign: boolean;
  /** There was more than is shown. */
  readonly cut: boolean;
}

export interface Words {
  readonly text: string;
  readonly author: string;
  readonly location: string;
}

/** @param wallMs ms since 1970 */
export function newKey(wallMs: number, prefix = PREFIX): string {
  return `${prefix}${wallMs}-${randomText()}`;
}

/** 64 random bits, as 14 digits and letters. */
export function randomText(): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return Array.from(random, (part) => part.toString(36).padStart(7, '0')).join('');
}

/**
 * When the key says it was written, 0 when it does not say or claims a time more than a minute
 * ahead.
 */
export function stampOf(key: string, wallMs: number): number {
  const stamp = Number(STAMPED_KEY.exec(key)?.[1] ?? 0);
  return stamp > wallMs + 60_000 ? 0 : stamp;
}

export function encodeMessage({ text, author, location }: Words): Uint8Array<ArrayBuffer> {
  const message: Record<string, unknown> = { v: 1, text };
  if (author !== '') message.author = author;
  if (location !== '') message.location = location;
  return new TextEncoder().encode(JSON.stringify(message));
}

/**
 * @param bytes the value, or its beginning
 * @param whole whether `bytes` is all of it
 */
export function decodeContent(bytes: Uint8Array, whole: boolean): Content {
  return contentOf(new TextDecoder().decode(bytes), whole);
}

/** The same of text. */
export function contentOf(raw: string, whole: boolean): Content {
  const message = whole ? parseMessage(raw) : null;
  const text = printable(message?.text ?? raw);
  return {
    text: cutTo(text, SHOWN_MAX),
    author: printableName(message?.author ?? '', NAME_MAX),
    location: printableName(message?.location ?? '', NAME_MAX),
    foreign: message === null,
    cut: !whole || lengthOf(text) > SHOWN_MAX,
  };
}

/** @returns null when it is not a message of Fade. */
function parseMessage(raw: string): Words | null {
  try {
    const value: unknown = JSON.parse(raw);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    const member = (name: string): unknown =>
      Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    const [text, author, location] = ['text', 'author', 'location'].map(member);
    if (member('v') !== 1 || typeof text !== 'string') return null;
    return {
      text,
      author: typeof author === 'string' ? author : '',
      location: typeof location === 'string' ? location : '',
    };
  } catch {
    return null;
  }
}
