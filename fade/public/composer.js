// The form: checks what is written, posts it, and tells truthfully what became of it. A message
// keeps its key through all tries, so that a repeated try never makes a second one.

import { byId, setText } from './elements.js';
import { explain, passesByItself, retryDelayMs } from './explain.js';
import { counted, inWords } from './lifetime.js';
import { TEXT_MAX, encodeMessage, lengthOf, newKey } from './message.js';
import { putValue } from './node-api.js';

/** @typedef {import('./node-api.js').Failure} Failure */
/** @typedef {{ key: string, text: string, author: string, ttlSeconds: number }} Draft */

const TRIES_MAX = 4;
const COUNT_SHOWN_FROM = TEXT_MAX - 200;
const AUTHOR_STORED_AS = 'fade.author';

export class Composer {
  #form = byId('composer', 'form');
  #text = byId('text', 'textarea');
  #author = byId('author', 'input');
  #post = byId('post', 'button');
  #count = byId('count', 'p');
  #outcome = byId('outcome', 'p');
  /** The last message that was not taken. @type {Draft | null} */
  #unsent = null;
  #busy = false;
  #onPosted;

  /** @param {() => void} onPosted called after the node has stored a message */
  constructor(onPosted) {
    this.#onPosted = onPosted;
    this.#author.value = recallAuthor();
    this.#author.addEventListener('change', () => rememberAuthor(this.#author.value.trim()));
    this.#text.addEventListener('input', () => this.#showCount());
    this.#text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit();
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  async #submit() {
    const complaint = this.#complaint();
    if (complaint !== '') {
      this.#say('problem', complaint);
      this.#text.focus();
    } else if (!this.#busy) {
      this.#setBusy(true);
      await this.#send(this.#draft());
      this.#setBusy(false);
    }
  }

  #complaint() {
    const length = lengthOf(this.#text.value);
    if (this.#text.value.trim() === '') return 'Write something first.';
    return length > TEXT_MAX ? `A message has at most ${TEXT_MAX} characters; this one has ${length}.` : '';
  }

  /** @returns {Draft} */
  #draft() {
    const lifetime = /** @type {HTMLInputElement} */ (this.#form.querySelector('[name="lifetime"]:checked'));
    const draft = {
      text: this.#text.value,
      author: this.#author.value.trim(),
      ttlSeconds: Number(lifetime.value),
    };
    const last = this.#unsent;
    const same =
      last?.text === draft.text && last.author === draft.author && last.ttlSeconds === draft.ttlSeconds;
    return { ...draft, key: same ? last.key : newKey(Date.now()) };
  }

  /** @param {Draft} draft */
  async #send(draft) {
    this.#unsent = draft;
    for (let tries = 1; ; tries += 1) {
      const result = await putValue(draft.key, encodeMessage(draft.text, draft.author), draft.ttlSeconds);
      if (result.ok) return this.#posted(draft, result.value);
      if (tries === TRIES_MAX || !passesByItself(result.failure)) return this.#gaveUp(result.failure);
      const waitMs = retryDelayMs(result.failure, tries, Math.random());
      const { title, detail } = explain(result.failure, navigator.onLine);
      this.#say(
        'waiting',
        `${title} ${detail} Trying again in ${counted(Math.ceil(waitMs / 1000), 'second')}.`,
      );
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  /**
   * @param {Draft} draft
   * @param {import('./node-api.js').Receipt} receipt
   */
  #posted(draft, receipt) {
    this.#unsent = null;
    if (this.#text.value === draft.text) this.#text.value = '';
    this.#showCount();
    const ends = new Date(Date.now() + receipt.ttlSeconds * 1000);
    const at = ends.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    const life = `It lives for ${inWords(receipt.ttlSeconds)}, until ${at}.`;
    const clamped =
      receipt.ttlSeconds === draft.ttlSeconds
        ? ''
        : ` This node does not allow ${inWords(draft.ttlSeconds)}.`;
    if (receipt.replicating) {
      this.#say(
        'waiting',
        `Stored here, still replicating: too few other nodes have confirmed it yet. ${life}${clamped}`,
      );
    } else {
      this.#say('done', `Posted${copies(receipt.acks)}. ${life}${clamped}`);
    }
    this.#onPosted();
  }

  /** @param {Failure} failure */
  #gaveUp(failure) {
    const { title, detail } = explain(failure, navigator.onLine);
    const after = failure.kind === 'unreachable' ? 'Posting it again will not make a second copy.' : '';
    this.#say(
      'problem',
      [title, detail, 'Your text is still here.', after].filter((part) => part !== '').join(' '),
    );
  }

  #showCount() {
    const length = lengthOf(this.#text.value);
    this.#count.hidden = length < COUNT_SHOWN_FROM;
    this.#count.classList.toggle('is-over', length > TEXT_MAX);
    setText(this.#count, length > TEXT_MAX ? `${length - TEXT_MAX} too many` : `${TEXT_MAX - length} left`);
    this.#text.setAttribute('aria-invalid', String(length > TEXT_MAX));
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    this.#post.setAttribute('aria-disabled', String(busy));
    setText(this.#post, busy ? 'Posting…' : 'Post');
  }

  /**
   * @param {'done' | 'waiting' | 'problem'} mood
   * @param {string} sentence
   */
  #say(mood, sentence) {
    this.#outcome.dataset['mood'] = mood;
    setText(this.#outcome, sentence);
  }
}

/** @param {string} acks `3/3` */
function copies(acks) {
  const match = /^(\d+)\/(\d+)$/.exec(acks);
  return match === null ? '' : ` to ${match[1]} of ${match[2]} nodes`;
}

/** The browser may forbid storage; a name is then typed again. */
function recallAuthor() {
  try {
    return localStorage.getItem(AUTHOR_STORED_AS) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} author */
function rememberAuthor(author) {
  try {
    localStorage.setItem(AUTHOR_STORED_AS, author);
  } catch {
    return;
  }
}
