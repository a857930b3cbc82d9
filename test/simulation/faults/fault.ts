// What can go wrong, and when. A link is a stream (TCP under WebSocket): within it nothing
// overtakes. It delays, holds, ends with what was under way lost, or ends at one side only; frames
// of a pair overtake each other only where one link takes another's place. Loss, repetition and
// replay of single frames cannot happen on such links; the core is to survive them too.

export type FaultKind =
  /** The process ends; its kernel tells the peers. */
  | 'crash'
  /**
   * The same, as soon as all are ready again after the one before; what one of its links was late
   * with is lost.
   */
  | 'crash-when-ready'
  /** The same, and its successor stands still right after its first links are up. */
  | 'stunned-start'
  /** The whole machine goes silent. */
  | 'silent-crash'
  | 'leave'
  /** The process stands still, its clocks run on. */
  | 'pause'
  /** A fifth of the processes stand still, each for itself: garbage collection, a busy machine. */
  | 'stalls'
  /** A machine sleeps: its processes and their timers stand still, its clocks run on. */
  | 'suspend'
  /**
   * A virtual machine is stopped: both clocks stand still, and the wall clock is set right some
   * time later.
   */
  | 'freeze'
  /** A wall clock is set wrong by up to a minute, and right again. */
  | 'clock-step'
  /** The clock of one machine is set an hour forward, or a minute back, and right again. */
  | 'clock-set'
  /** The clock of the machine that was wrong from the start is set right. */
  | 'clock-set-right'
  /** The clocks of all machines but one are set back by a minute, and right again. */
  | 'clocks-set-back'
  /** Two sides that hear nothing of each other. */
  | 'partition'
  /** One side's frames are lost. */
  | 'one-way'
  /** Two nodes that hear nothing of each other while all others hear both. */
  | 'pair-cut'
  /** One end of a link is gone and nobody tells the other. */
  | 'half-open'
  /** One direction of a link takes no more bytes. */
  | 'stall'
  /** One direction of a link is slower by up to a second and a half. */
  | 'lag'
  /** Frames are lost, come twice, or come once more seconds later. */
  | 'storm'
  /** A link ends at both sides; what was under way is lost. */
  | 'reset';

/**
 * One kind of fault, begun every `everyMs` (drawn anew each time), or once `atMs`, and ended after
 * `lastsMs`.
 */
export interface FaultPlan {
  readonly kind: FaultKind;
  readonly everyMs?: readonly [number, number];
  readonly atMs?: number;
  readonly lastsMs: readonly [number, number];
}

/** Ends a fault that has begun. */
export type Undo = () => void;

/** Begins a fault; null when there is nothing it could befall. */
export type Inflict = () => Undo | null;
