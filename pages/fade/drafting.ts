// The state of the form: what is written, how it is to be sent, and what became of it.
import { computed, signal } from '@preact/signals';
import type { NodeList } from '../node-api/node-list';
import { lengthOf } from '../words/printable';
import { privateLink } from './address';
import { LIFETIME_AT_FIRST } from './lifetimes';
import { TEXT_MAX, encodeMessage, newKey, randomText } from './message';
import { recall, remember } from './remembered';
import { PRIVATE_PREFIX, PRIVATE_TEXT_MAX, canSeal, seal } from './secret';
import { failureWords, receiptWords, send, type Parcel, type Said } from './sending';

export type Mode = 'board' | 'private';

export interface PrivateLink {
  readonly url: string;
  readonly ttlSeconds: number;
}

export class Drafting {
  readonly mode = signal<Mode>('board');
  readonly text = signal('');
  readonly author = signal(recall('author'));
  readonly location = signal(recall('location'));
  readonly ttlSeconds = signal(LIFETIME_AT_FIRST);
  readonly isBusy = signal(false);
  readonly said = signal<Said | null>(null);
  readonly link = signal<PrivateLink | null>(null);

  readonly textMax = computed(() => (this.mode.value === 'board' ? TEXT_MAX : PRIVATE_TEXT_MAX));
  readonly length = computed(() => lengthOf(this.text.value));
  readonly canSend = computed(() => this.mode.value === 'board' || canSeal());

  /** The last message that was not taken, and what it was made of: it keeps its key. */
  private unsent: { readonly key: string; readonly of: string } | null = null;

  constructor(
    private readonly page: string,
    private readonly nodes: NodeList,
    private readonly onPosted: () => void,
  ) {}

  rememberNames(): void {
    remember('author', this.author.value.trim());
    remember('location', this.location.value.trim());
  }

  /** @returns whether there was something to send */
  submit(): boolean {
    const complaint = this.complaint();
    if (complaint !== '') this.said.value = { mood: 'problem', words: complaint };
    else if (!this.isBusy.value && this.canSend.value) void this.send();
    return complaint === '';
  }

  private complaint(): string {
    const [length, max] = [this.length.value, this.textMax.value];
    if (this.text.value.trim() === '') return 'Write something first.';
    return length > max ? `A message has at most ${max} characters; this one has ${length}.` : '';
  }

  private async send(): Promise<void> {
    this.isBusy.value = true;
    this.link.value = null;
    await (this.mode.value === 'board' ? this.post() : this.postPrivately());
    this.isBusy.value = false;
  }

  private async post(): Promise<void> {
    const words = {
      text: this.text.value,
      author: this.author.value.trim(),
      location: this.location.value.trim(),
    };
    const of = JSON.stringify([words, this.ttlSeconds.value]);
    const key = this.unsent?.of === of ? this.unsent.key : newKey(Date.now());
    this.unsent = { key, of };
    await this.deliver({ key, bytes: encodeMessage(words), ttlSeconds: this.ttlSeconds.value }, words.text);
  }

  private async postPrivately(): Promise<void> {
    const text = this.text.value;
    const id = randomText() + randomText();
    const key = PRIVATE_PREFIX + id;
    const { bytes, secret } = await seal(text, key);
    const granted = await this.deliver({ key, bytes, ttlSeconds: this.ttlSeconds.value }, text);
    if (granted !== null) this.link.value = { url: privateLink(this.page, id, secret), ttlSeconds: granted };
  }

  /** @returns the lifetime that the node granted; null when it did not take it */
  private async deliver(parcel: Parcel, text: string): Promise<number | null> {
    const result = await send(this.nodes, parcel, (said) => {
      this.said.value = said;
    });
    if (!result.ok) {
      this.said.value = failureWords(result.failure, navigator.onLine);
      return null;
    }
    const { ttlSeconds } = result.value;
    this.unsent = null;
    if (this.text.value === text) this.text.value = '';
    const ends = new Date(Date.now() + ttlSeconds * 1000);
    const at = ends.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    this.said.value = receiptWords(result.value, parcel.ttlSeconds, at);
    this.onPosted();
    return ttlSeconds;
  }
}
