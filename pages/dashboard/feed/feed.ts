// Keeps the network as fresh as a person can use it, and leaves the nodes alone otherwise: one look
// a second while the page is visible, nothing while it is hidden.
import { Network } from '../network/network';
import { Opinions } from '../network/opinions';
import { ask } from './ask';
import type { Answer, Fetch } from './ask';
import { Stream } from './stream';
import type { OpenChanges } from './stream';
import { Way } from './way';
import type { Stop } from './way';

export type Contact =
  /** Nothing has been told yet. */
  | { readonly kind: 'opening' }
  /** `isLive`: changes come by the stream, as they happen. */
  | { readonly kind: 'fresh'; readonly isLive: boolean }
  | { readonly kind: 'busy'; readonly status: number }
  | { readonly kind: 'silent'; readonly sinceMs: number }
  | { readonly kind: 'paused' };

/** All that this part needs of the browser. */
export interface FeedParts {
  fetch: Fetch;
  readonly openChanges: OpenChanges;
  /** Milliseconds since 1970. */
  now(): number;
  /** @returns what calls it off */
  after(ms: number, action: () => void): () => void;
  changed(): void;
}

const LOOK_EVERY_MS = 1000;
const RETRY_MS_MAX = 5000;
const OPINION_EVERY_LOOKS = 5;

export class Feed {
  readonly network = new Network();
  readonly opinions = new Opinions();
  readonly way: Way;
  contact: Contact = { kind: 'opening' };
  /** The last look; what is shown is as old as that. */
  lookedAtMs: number | null = null;
  /** The node that fell silent before the present one was asked. */
  left: Stop | null = null;
  /** The place of the node that a person looks at: every other opinion is its own. */
  selected: string | null = null;
  private readonly stream: Stream;
  private isStreamLive = false;
  private looks = 0;
  private nextWitness = 0;
  /** A witness that told a difference is asked again first. */
  private doubted: string | null = null;
  private failures = 0;
  /** Counts up whenever the page is hidden or shown: what began before is not heard any more. */
  private watch = 0;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly parts: FeedParts,
    home: string,
  ) {
    this.way = new Way(home);
    this.stream = new Stream(parts.openChanges, {
      changed: (change) => {
        if (this.network.change(change, parts.now())) parts.changed();
      },
      live: (isLive) => this.streamIs(isLive),
      broken: () => this.lookNow(),
      ending: () => this.leave(),
    });
  }

  /** The page is visible. */
  start(): void {
    if (this.contact.kind === 'paused') this.contact = { kind: 'opening' };
    this.lookNow();
  }

  /** The page is hidden. */
  pause(): void {
    this.watch += 1;
    this.cancel();
    this.stream.close();
    this.contact = { kind: 'paused' };
    this.parts.changed();
  }

  /** A node that died comes back within a second: later, nobody could see that it was away. */
  private lookNow(): void {
    this.watch += 1;
    this.cancel();
    void this.look(this.watch);
  }

  /** The node is about to stop: another one is asked at once. */
  private leave(): void {
    this.watch += 1;
    void this.moveOn(this.watch);
  }

  private async look(watch: number): Promise<void> {
    const askedAtMs = this.parts.now();
    const { base } = this.way.here;
    const answer = await ask(this.parts.fetch, base);
    if (watch !== this.watch) return;
    switch (answer.kind) {
      case 'look':
        this.take(base, answer, askedAtMs);
        this.lookAgain(watch, LOOK_EVERY_MS - (this.parts.now() - askedAtMs));
        this.askWitness(watch);
        return;
      case 'busy':
        this.contact = { kind: 'busy', status: answer.status };
        this.parts.changed();
        this.lookAgain(watch, answer.retryMs);
        return;
      case 'silent':
        await this.moveOn(watch);
        return;
    }
  }

  private take(base: string, { look }: Extract<Answer, { kind: 'look' }>, askedAtMs: number): void {
    const nowMs = this.parts.now();
    if (base !== this.way.here.base) {
      this.left = this.way.here;
      this.opinions.clear();
    }
    this.way.answered(base, look);
    this.network.look(look, askedAtMs, nowMs);
    this.lookedAtMs = nowMs;
    this.failures = 0;
    this.stream.follow(base);
    this.contact = { kind: 'fresh', isLive: this.isStreamLive };
    this.parts.changed();
  }

  private lookAgain(watch: number, ms: number): void {
    this.cancel = this.parts.after(Math.max(0, ms), () => void this.look(watch));
  }

  /** Asks the others of this host, one after the other, until one answers. */
  private async moveOn(watch: number): Promise<void> {
    this.cancel();
    this.stream.close();
    for (const { base } of this.way.detours()) {
      const askedAtMs = this.parts.now();
      const answer = await ask(this.parts.fetch, base);
      if (watch !== this.watch) return;
      if (answer.kind !== 'look') continue;
      this.take(base, answer, askedAtMs);
      this.lookAgain(watch, LOOK_EVERY_MS);
      return;
    }
    this.failures += 1;
    if (this.contact.kind !== 'silent') this.contact = { kind: 'silent', sinceMs: this.parts.now() };
    this.parts.changed();
    this.lookAgain(watch, Math.min(RETRY_MS_MAX, LOOK_EVERY_MS * 2 ** (this.failures - 1)));
  }

  private streamIs(isLive: boolean): void {
    this.isStreamLive = isLive;
    if (this.contact.kind === 'fresh') this.contact = { kind: 'fresh', isLive };
    this.parts.changed();
  }

  /**
   * Every few seconds one other node of this host tells how it sees the network, and its repairs.
   */
  private askWitness(watch: number): void {
    this.looks += 1;
    if (this.looks % OPINION_EVERY_LOOKS !== 0) return;
    const witness = this.witness();
    if (witness !== undefined) void this.hear(watch, witness);
  }

  private witness(): Stop | undefined {
    const live = this.way.siblings.filter(({ place }) => this.network.get(place)?.health === 'alive');
    this.nextWitness += 1;
    const wish = this.doubted ?? (this.nextWitness % 2 === 0 ? this.selected : null);
    this.doubted = null;
    return live.find(({ place }) => place === wish) ?? live[this.nextWitness % Math.max(1, live.length)];
  }

  private async hear(watch: number, { base, place }: Stop): Promise<void> {
    const answer = await ask(this.parts.fetch, base);
    if (watch !== this.watch || answer.kind !== 'look') return;
    this.network.tellRepairs(answer.look.self);
    if (this.opinions.hear(answer.look, this.network.all())) this.doubted = place;
    this.parts.changed();
  }
}
