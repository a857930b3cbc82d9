// How much of anything a node keeps, asks or sends at once.

export const LIMITS = {
  /** Largest frame; a link never holds the loop or the peer's memory longer than one of these. */
  frameBytesMax: 256 * 1024,
  /** Values above this cross in chunks of this size, interleaved with everything else. */
  chunkBytes: 64 * 1024,
  /**
   * Bytes handed to a socket and not yet taken by it; above it the link waits and control frames
   * still pass.
   */
  linkUnsentBytesMax: 1024 * 1024,
  /**
   * Bytes of values queued for one peer beyond `linkUnsentBytesMax`, however much may wait for all
   * together; above it they are dropped and repaired later.
   */
  linkQueueBytesMax: 64 * 1024 * 1024,
  /** Bytes of records that a pull must bring in `pullPaceMs`: 16 KiB a second. */
  pullPaceBytesMin: 160 * 1024,
  /** Writes of this node that wait for their level. */
  pendingWritesMax: 65_536,
  /**
   * Keys that are asked of peers at once, readers that wait for them together, and keys asked of
   * one peer.
   */
  fetchesMax: 1024,
  fetchReadersMax: 8192,
  fetchesPerPeerMax: 256,
  members: 32,
  /** Members remembered at once, dead ones included. */
  membersRemembered: 256,
  /** At one address. */
  membersPerAddress: 64,
  /** Tellers of where a member is that was never linked. */
  toldPlaces: 8,
  /** Ids remembered as replaced or long dead, and as many of passing strangers. */
  forgotten: 4096,
  candidates: 2048,
  /** Of these for each source: one that names very many leaves room for the others. */
  candidatesOfSource: 512,
  /**
   * Probes per second to addresses of other hosts where no peer has ever been, and so many at once;
   * the same again for dials to where members say that members are. A network of 30 hosts forms
   * within the burst; what a source or a member invents is looked into slowly.
   */
  strangersPerSecond: 20,
  strangersBurst: 100,
  /** Places remembered as those of peers. */
  placesProven: 1024,
} as const;
