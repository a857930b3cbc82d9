// The changes that one node tells as they happen (GET /events?types=member). Without them the page
// learns the same from the next look, up to a second later.
import { EventStream, type StreamState } from '../../node-api/event-stream';
import { NodeList } from '../../node-api/node-list';
import { isMemberState } from '../facts/facts';
import { fields, printable } from '../facts/text';
import type { MemberChange } from '../network/network';

export interface ChangeListener {
  changed(change: MemberChange): void;
  /** Whether changes come as they happen. */
  live(isLive: boolean): void;
  /** It was open and broke off: perhaps the node is gone. */
  broken(): void;
  /** The node is about to stop. */
  ending(): void;
}

/** Follows the node below an address, and tries again when it has to. @returns what ends that */
export type OpenChanges = (base: string, listener: ChangeListener) => () => void;

/** Which node is asked next is for the page to say: this stays with the one. */
export const openChanges: OpenChanges = (base, listener) => {
  let isLive = false;
  const stream = new EventStream({
    query: { types: 'member' },
    from: 'now',
    nodes: new NodeList(base),
    addressesOf: () => [],
    listener: {
      event: (type, data) => {
        const change = type === 'member' ? readChange(data) : null;
        if (change !== null) listener.changed(change);
      },
      listing: () => undefined,
      caughtUp: () => undefined,
      ended: (reason) => {
        if (reason === 'draining') listener.ending();
      },
      state: ({ kind }: StreamState) => {
        const wasLive = isLive;
        isLive = kind === 'live';
        if (isLive !== wasLive) listener.live(isLive);
        if (wasLive && !isLive) listener.broken();
      },
    },
  });
  stream.start();
  return () => stream.pause();
};

export class Stream {
  private base = '';
  private shut = (): void => undefined;

  constructor(
    private readonly open: OpenChanges,
    private readonly listener: ChangeListener,
  ) {}

  /** Follows the node below `base`. Nothing happens when it does so already. */
  follow(base: string): void {
    if (base === this.base) return;
    this.close();
    this.base = base;
    this.shut = this.open(base, this.listener);
  }

  close(): void {
    if (this.base === '') return;
    this.base = '';
    this.shut();
    this.listener.live(false);
  }
}

function readChange(told: unknown): MemberChange | null {
  const { id, from, to, reason } = fields(told);
  if (typeof id !== 'string') return null;
  if (to !== 'forgotten' && !isMemberState(to)) return null;
  const why = printable(reason);
  return { id: printable(id), from: isMemberState(from) ? from : null, to, reason: why === '' ? null : why };
}
