// What the core needs to know; each knob with its formula, sane value and danger. src/config fills
// it in.

export interface CoreSettings {
  /**
   * Milliseconds. Floor and ceiling of a TTL in effect; also bounds how long stubs are kept
   * (ttlMaxMs after the write).
   */
  readonly ttlMinMs: number;
  readonly ttlMaxMs: number;
  /**
   * Bytes of the largest value that clients write here; peers may bring larger ones
   * (`VALUE_BYTES_MAX`). Queues and what has arrived in part have room for two of them in any case.
   */
  readonly valueBytesMax: number;
  /** Bytes this node may account to keys, values, stubs and their overhead. */
  readonly storageBytesMax: number;
  /**
   * Bytes of values that may wait for all peers together; with many, each has an equal share
   * (links/queue-share.ts).
   */
  readonly queueBytesMax: number;
  /**
   * Bytes of large values that may have arrived in part, from all peers together; two of the
   * largest in any case, and one that is larger than clients may write here.
   */
  readonly assemblyBytesMax: number;
  /** Copies asked for; the quorum is floor(min(replicationFactor, expected)/2)+1. 1..100. */
  readonly replicationFactor: number;
  /**
   * Nodes (NODE_COUNT) and hosts this cluster is meant to have at least. A lower bound: joins raise
   * it.
   */
  readonly expectedNodesMin: number;
  readonly expectedHostsMin: number;
  /** Milliseconds a write waits for its level before it is answered as stored only. */
  readonly writeTimeoutMs: number;
  /**
   * Stamps further ahead of this node's wall clock than this are refused. Above a minute
   * last-writer-wins loses its meaning.
   */
  readonly clockOffsetMaxMs: number;
  /**
   * Sources that a fresh node waits for, a few seconds at most, before it calls itself complete:
   * without them it would not know where the data is. None for a node that finds all its peers on
   * its own host.
   */
  readonly awaitedSources?: readonly string[];
  /** Null or absent: nothing is known of a network before this node's start. */
  readonly inherited?: Inherited | null;
}

/** The network as nodes beside this one, or in its place before it, last knew it. */
export interface Inherited {
  /** Members that were expected and are not known to have ended, at least 1. */
  readonly others: number;
  /** Hosts that were expected, the own one among them; at least 1. */
  readonly hosts: number;
  /** Milliseconds since then, at least 0. */
  readonly agoMs: number;
}

/** Fixed by the protocol; written here once, with the reason for each. */
export const TIMING = {
  /**
   * Greeting schedule of a fresh node, then every `greetAloneMs` while alone, `greetMs` otherwise;
   * +-20 % jitter.
   */
  greetFirstMs: [0, 50, 100, 200],
  greetAloneMs: 1000,
  greetMs: 5000,
  /** Backoff ceiling for endpoints that never answered as a peer. */
  greetBackoffMaxMs: 60_000,
  /** A fresh node waits at most this long for silent candidates before it calls itself complete. */
  firstRoundsMaxMs: 1500,
  /**
   * And this long for one that was asked and said nothing, where a peer is to be expected: it may
   * hang, or the way to it.
   */
  silentCandidatesMaxMs: 5000,
  /**
   * And this long for a link to one that goes on answering as a peer: the way to it may be slow, or
   * its places taken.
   */
  firstLinksMaxMs: 60_000,
  /**
   * That a peer was heard at a candidate stands this long without another word: longer than three
   * probes that were lost.
   */
  heardForMs: 15_000,
  /**
   * And this long before that for a source that is on its way; longer than an answer of a far API
   * mostly takes.
   */
  awaitedSourceMaxMs: 5000,
  /**
   * SWIM protocol period: one member probed per interval. Shorter finds hangs sooner and costs a
   * ping per interval.
   */
  probeIntervalLocalMs: 250,
  probeIntervalRemoteMs: 500,
  /**
   * A probe waits max(this, SRTT + 4 sigma) for its ack. Below a garbage collection's pause it
   * makes false suspects.
   */
  probeTimeoutMinMs: 100,
  indirectProbes: 3,
  /**
   * A link that brought nothing for this long from a member that others reach is half open: it is
   * given up and dialled anew.
   */
  linkSilentMs: 5000,
  /**
   * Suspicion lasts between these multiples of the probe interval, log-scaled by confirmations
   * (Lifeguard, section IV.B).
   */
  suspicionMinIntervals: 3,
  suspicionMaxIntervalsLocal: 9,
  suspicionMaxIntervalsRemote: 12,
  /**
   * A dead member is re-greeted and remembered for this long unless its address answers as someone
   * else.
   */
  deadForgottenAfterMs: 24 * 3_600_000,
  /** A member that said goodbye is still shown for this long. */
  leftShownMs: 60_000,
  /**
   * Who has been linked for less counts neither for the quorum nor for the time. Longer than a
   * stranger's visit, shorter than anyone waits for a new host to count.
   */
  probationMs: 3000,
  /**
   * A member that only others tell of counts after this: whoever left them meanwhile has been found
   * dead.
   */
  hearsayProbationMs: 10_000,
  /**
   * A member that was linked for less altogether is forgotten a minute after its end, and its end
   * is not told.
   */
  stayedMs: 60_000,
  visitorForgottenAfterMs: 60_000,
  /** One that never counted is forgotten this soon after its end. */
  strangerForgottenAfterMs: 10_000,
  /** A whole view goes to the same peer at most this often. */
  viewResendMs: 200,
  /**
   * Dead members, and live ones without a link, are dialled again this often at first; doubles to
   * `redialMaxMs`.
   */
  redialMs: 500,
  /**
   * First wait on the own host, where a dial costs nothing and may meet a listener that is just
   * dying.
   */
  redialLocalMs: 20,
  redialMaxMs: 4000,
  /**
   * A tick this much later than asked for means this node was paused itself: it discards its own
   * probe round.
   */
  pausedAfterMs: 100,
  /**
   * After a pause of this length a node compares itself with everybody, and until it has, five
   * seconds at most, asks whether there is something newer before it gives what it holds. What is
   * shorter, peers make up for by themselves as they go on sending.
   */
  outdatedAfterMs: 1000,
  outdatedMaxMs: 5000,
  /**
   * For so long after a pause a node that lost all others before it met them calls nothing absent.
   */
  doubtMaxMs: 60_000,
  /**
   * A question for something newer than what is held is given up after this, and what is held is
   * given.
   */
  confirmPatienceMs: 1500,
  /**
   * A member that was heard from within this before its end was there until then: its last writes
   * may be with others only. Longer than a suspicion lasts.
   */
  lossNewsMs: 20_000,
  /** A node that joins waits as long for the fastest passage from whoever fills it. */
  measureMaxMs: 1000,
  /** A way that was slow within this is trusted only as long as something comes on it. */
  slowForMs: 10_000,
  /** A node late by more than this within the last second asks a peer before it says "absent". */
  lateReadMs: 20,
  lateReadWindowMs: 1000,
  /**
   * Nor does one that refused a stamp as too far ahead within this: longer than the pause between
   * two comparisons with a peer.
   */
  refusedReadWindowMs: 15 * 60_000,
  /**
   * An acknowledgement window: same host 50 ms; other hosts 1.5 SRTT within 20-250 ms. Beyond it
   * the peer is lagging.
   */
  ackWindowLocalMs: 50,
  ackWindowRemoteMinMs: 20,
  ackWindowRemoteMaxMs: 250,
  /**
   * A peer that owes an acknowledgement and sent nothing for this long is silent: it is taken for
   * cut off, and a write that cannot have its quorum without it is answered as stored only at once.
   * Twice the pause between two probes of another host.
   */
  peerSilentMs: 1000,
  /**
   * That a peer lags is told at most this often of each: under load a window is missed many times a
   * second.
   */
  lagToldMs: 60_000,
  /**
   * Root hashes are compared with a random peer this often; a difference must be seen twice, this
   * far apart.
   */
  rootCompareMs: 10_000,
  rootConfirmMs: 2000,
  /** The same for a joiner, which is not ready before: longer than a write mostly takes. */
  joinConfirmMs: 100,
  /**
   * A comparison that brought nothing new is repeated with the same peer after rootCompareMs x 2, x
   * 4 ... up to x 64.
   */
  fruitlessDoublings: 6,
  /**
   * Numbers missing for this long on a link that keeps order are lost and asked of their origin.
   * Below a second, what is queued behind large values is taken for lost.
   */
  gapPatienceMs: 1000,
  /**
   * The same while pieces of something large come on that link: what is missing may be that, or
   * wait behind it. Not for ever, because the next large value follows at once.
   */
  gapUnderWayMs: 30_000,
  /** A pull without progress for this long is given up and begun again elsewhere. */
  pullStalledMs: 5000,
  /** A pull that brings less than `pullPaceBytesMin` in this time is given up for another. */
  pullPaceMs: 10_000,
  /** A joiner that refused something for its stamp asks the same peer again after this. */
  refusedRetryMs: 1000,
  /** Each time twice as much, up to this: every time all that the peer holds is sent. */
  refusedRetryMaxMs: 30_000,
  /**
   * A large value of which nothing comes for this long is given up: its sender is gone, or plays
   * with us.
   */
  transferStalledMs: 5000,
  /** A fetch asks the next peer after this. */
  fetchTimeoutMs: 250,
  /**
   * A fetch that nobody could answer ends after this; one whose value is arriving goes on to
   * `fetchTransferMaxMs`.
   */
  fetchPatienceMs: 2000,
  fetchTransferMaxMs: 10_000,
  /** A reader of changes that was away for less is told what ended meanwhile, on any node. */
  endsKeptMs: 60_000,
} as const;
