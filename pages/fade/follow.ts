// Keeps the board in step with the network: by events, from one node after the other, and by asking
// where events do not come.
import { signal } from '@preact/signals';
import { readPeers, readStatus, type Failure, type Peer, type Status } from '../node-api/calls';
import { readValue } from '../node-api/data';
import { EventStream, type StreamState } from '../node-api/event-stream';
import { addressesOf, type NodeList } from '../node-api/node-list';
import type { Board } from './board';
import { PREFIX } from './message';
import { Polling, putAnswer } from './polling';
import { expireEventIn, messageOfEvent, putEventIn } from './told';

export type Connection = 'connecting' | 'live' | 'asking' | 'lost';

export interface Network {
  readonly base: string;
  readonly status: Status;
  readonly peers: readonly Peer[];
}

export interface Trouble {
  readonly failure: Failure;
  readonly retryInMs: number;
}

const NETWORK_REFRESH_MS = 15_000;
const NETWORK_GATHER_MS = 300;
/** A page that nobody has looked at for so long lets go of its connection. */
const HIDDEN_MAX_MS = 60_000;
/** The two clocks of a browser drift apart by more only when the machine slept or was set. */
const DRIFT_MAX_MS = 3000;
const LOOK_MS = 5000;

export class Following {
  readonly connection = signal<Connection>('connecting');
  readonly trouble = signal<Trouble | null>(null);
  readonly network = signal<Network | null>(null);
  /** Set once all that is held has been told. */
  readonly isComplete = signal(false);

  private readonly polling: Polling;
  private readonly stream: EventStream;
  private networkTimer: ReturnType<typeof setTimeout> | undefined;
  private hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  private driftMs = Date.now() - performance.now();

  constructor(
    private readonly board: Board,
    readonly nodes: NodeList,
  ) {
    this.polling = new Polling(board, nodes, {
      settled: () => this.settled('asking'),
      failed: (failure, retryInMs) => this.failed(failure, retryInMs),
    });
    this.stream = new EventStream({
      query: { prefix: PREFIX, values: '1' },
      from: 'start',
      nodes,
      addressesOf: (peers) => this.usable(peers),
      listener: {
        event: (type, data) => this.event(type, data),
        listing: () => board.beginListing(),
        caughtUp: () => board.endListing(),
        state: (state) => this.streamState(state),
      },
    });
  }

  start(): void {
    this.stream.start();
    this.refreshNetwork(0);
    window.addEventListener('online', () => this.again());
    window.addEventListener('offline', () => this.again());
    document.addEventListener('visibilitychange', () => this.visibility());
    setInterval(() => this.lookAtClocks(), LOOK_MS);
  }

  /** Something was written: asks at once, where it has to ask. */
  refresh(): void {
    this.polling.refresh();
  }

  private again(): void {
    this.stream.reconnect();
    this.polling.refresh();
    this.refreshNetwork(0);
  }

  private streamState(state: StreamState): void {
    switch (state.kind) {
      case 'connecting':
        if (this.connection.value === 'live') this.connection.value = 'connecting';
        return;
      case 'live':
        this.polling.stop();
        this.settled('live');
        this.refreshNetwork(0);
        return;
      case 'waiting':
        if (!navigator.onLine) this.failed({ kind: 'unreachable' }, state.retryInMs);
        this.polling.start();
    }
  }

  private settled(connection: Connection): void {
    this.connection.value = connection;
    this.trouble.value = null;
    this.isComplete.value = true;
    this.board.hearsNews = true;
  }

  private failed(failure: Failure, retryInMs: number): void {
    this.connection.value = 'lost';
    this.trouble.value = { failure, retryInMs };
  }

  private event(type: string, told: unknown): void {
    if (type === 'put') this.put(told);
    else if (type === 'expire') {
      const over = expireEventIn(told);
      if (over !== null) this.board.expire(over.key, over.version);
    } else if (type === 'member') this.refreshNetwork(NETWORK_GATHER_MS);
  }

  private put(told: unknown): void {
    const event = putEventIn(told);
    if (event?.key.startsWith(PREFIX) !== true) return;
    const deadlineMs = performance.now() + event.remainingSeconds * 1000;
    if (this.board.knows(event.key, event.version, deadlineMs)) return;
    if (event.value === null) void this.fetchLarge(event.key);
    else this.board.put(messageOfEvent(event, event.value), deadlineMs);
  }

  private async fetchLarge(key: string): Promise<void> {
    const value = await readValue(this.nodes.current, key);
    if (value.ok) putAnswer(this.board, key, value.value);
  }

  /** What peers there are also says where to go on when this node ends. */
  private refreshNetwork(inMs: number): void {
    clearTimeout(this.networkTimer);
    this.networkTimer = setTimeout(() => void this.readNetwork(), inMs);
  }

  private async readNetwork(): Promise<void> {
    const base = this.nodes.current;
    const [status, peers] = await Promise.all([readStatus(base), readPeers(base)]);
    if (status.ok && peers.ok) {
      this.network.value = { base, status: status.value, peers: peers.value };
      this.nodes.learn(this.usable(peers.value));
    }
    this.refreshNetwork(NETWORK_REFRESH_MS);
  }

  private usable(peers: Parameters<typeof addressesOf>[2]): string[] {
    const network = this.network.value;
    return network === null ? [] : addressesOf(network.base, network.status.port, peers);
  }

  private visibility(): void {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = setTimeout(() => this.stream.pause(), HIDDEN_MAX_MS);
    } else {
      this.lookAtClocks();
      this.stream.start();
    }
  }

  /**
   * Deadlines count on a clock that may stand still while the machine sleeps: all are told anew.
   */
  private lookAtClocks(): void {
    const driftMs = Date.now() - performance.now();
    if (Math.abs(driftMs - this.driftMs) > DRIFT_MAX_MS) this.stream.restart();
    this.driftMs = driftMs;
  }
}
