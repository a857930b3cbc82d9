/** Which keys a walk is to give, as byte strings. It may be narrowed while the walk goes on. */
export interface KeyBounds {
  readonly prefix: string;
  /** Only keys greater than this; '' = no bound. */
  readonly after: string;
  /** Only keys that are not greater than this; null = no bound. */
  readonly upTo: string | null;
}
