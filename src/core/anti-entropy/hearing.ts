// What repair must know of a status beside its content.

export interface Hearing {
  /** The first from a ready peer on its link. */
  readonly fresh: boolean;
  /** It was asked for since this node stood still last. */
  readonly isAnswer: boolean;
  /** The first ever from this member: what it says it was before it met this node. */
  readonly isFirst: boolean;
}
