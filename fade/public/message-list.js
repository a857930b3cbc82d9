// Draws the messages, newest first, and lets them age: the countdown, the rule that shortens, the
// ink that pales.

import { byId, make, prefersStillness, setText } from './elements.js';
import { countdown, inWords, shareLeft } from './lifetime.js';

/** @typedef {import('./feed.js').Message} Message */
/**
 * @typedef {{ message: Message, item: HTMLLIElement, figure: HTMLElement, unit: HTMLElement }} Row
 */

const TICK_MS = 500;
/** For this long before the end a message visibly dissolves. */
const LEAVING_MS = 4000;
const CLOSING_MS = 240;
const LONG_CHARACTERS = 600;
const LONG_LINES = 12;

export class MessageList {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #list = byId('messages', 'ol');
  #title = byId('board-title', 'h2');

  constructor() {
    setInterval(() => this.#age(), TICK_MS);
  }

  get size() {
    return this.#rows.size;
  }

  /** @param {Message} message */
  add(message) {
    const row = draw(message);
    this.#rows.set(message.key, row);
    ageRow(row);
    this.#list.insertBefore(row.item, this.#firstOlderThan(message));
  }

  /** @param {Message} message */
  remove(message) {
    const item = this.#rows.get(message.key)?.item;
    this.#rows.delete(message.key);
    if (item === undefined) return;
    if (item.contains(document.activeElement)) this.#title.focus();
    closeGap(item);
  }

  /** @param {Message} message */
  #firstOlderThan(message) {
    let before = null;
    for (const row of this.#rows.values()) {
      const isOlder = row.message.postedAtMs < message.postedAtMs;
      if (isOlder && (before === null || row.message.postedAtMs > before.message.postedAtMs)) before = row;
    }
    return before?.item ?? null;
  }

  #age() {
    for (const row of this.#rows.values()) ageRow(row);
  }
}

/** @param {Row} row */
function ageRow({ message, item, figure, unit }) {
  const leftMs = message.deadlineMs - performance.now();
  const left = countdown(leftMs);
  setText(figure, left.figure);
  setText(unit, `${left.unit} left`);
  item.style.setProperty('--life', shareLeft(leftMs, message.ttlSeconds).toFixed(4));
  item.classList.toggle('is-leaving', leftMs < Math.min(LEAVING_MS, message.ttlSeconds * 250));
}

/**
 * @param {Message} message
 * @returns {Row}
 */
function draw(message) {
  const figure = make('span', 'figure');
  const unit = make('span', 'unit');
  const clock = make('p', 'left', figure, ' ', unit);
  const text = make('p', 'text', message.content.text === '' ? '(empty)' : message.content.text);
  text.dir = 'auto';
  const body = make('div', 'body', text, ...expander(text, message.content.text), byline(message));
  const item = make('li', 'message', clock, body, make('span', 'rule'));
  item.dataset['key'] = message.key;
  item.classList.toggle('is-foreign', message.content.foreign);
  return { message, item, figure, unit };
}

/** @param {Message} message */
function byline({ content, postedAtMs, ttlSeconds }) {
  const line = make('p', 'byline');
  const author = make('bdi', 'author', content.author || 'Somebody');
  if (!content.foreign) line.append(author, ' ');
  if (postedAtMs > 0) {
    const posted = new Date(postedAtMs);
    const time = make('time', '', posted.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
    time.dateTime = posted.toISOString();
    time.title = posted.toLocaleString();
    line.append(time, ' ');
  }
  line.append(make('span', '', `for ${inWords(ttlSeconds)}`));
  if (content.foreign) line.append(' ', make('span', 'note', 'not written in Fade, shown as plain text'));
  if (content.cut) line.append(' ', make('span', 'note', 'only the beginning is shown'));
  return line;
}

/**
 * A button that unfolds a long text; nothing for a short one.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function expander(element, text) {
  if (text.length <= LONG_CHARACTERS && text.split('\n').length <= LONG_LINES) return [];
  const button = make('button', 'quiet', 'Show all of it');
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  element.classList.add('is-folded');
  button.addEventListener('click', () => {
    const folded = element.classList.toggle('is-folded');
    button.setAttribute('aria-expanded', String(!folded));
    button.textContent = folded ? 'Show all of it' : 'Show less';
  });
  return [button];
}

/**
 * The content goes at once; the space it took closes softly, unless stillness is preferred.
 *
 * @param {HTMLLIElement} item
 */
function closeGap(item) {
  const height = item.offsetHeight;
  item.replaceChildren();
  if (prefersStillness() || height === 0) return item.remove();
  item.className = 'gap';
  item.removeAttribute('data-key');
  item.setAttribute('aria-hidden', 'true');
  const closing = item.animate([{ height: `${height}px` }, { height: '0px' }], {
    duration: CLOSING_MS,
    easing: 'ease-in-out',
  });
  closing.onfinish = closing.oncancel = () => item.remove();
}
