/** A time that this machine's clock showed, as one process of the machine tells it to another. */
export interface ToldLine {
  /** What a clock on this line shows now, milliseconds. */
  readonly wallMs: number;
  /** For how much longer stamps of this line may be met, milliseconds. */
  readonly keptForMs: number;
}
