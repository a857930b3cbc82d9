// What one client address has here: its connections, and the bytes of its bodies.

export class ClientAccount {
  /** In the order in which they came. */
  readonly connections = new Set<object>();
  private heldBytes = 0;

  /**
   * @param connectionsMax at a time
   * @param bytesMax of bodies at a time
   */
  constructor(
    readonly address: string,
    readonly connectionsMax: number,
    private readonly bytesMax: number,
    /** This host itself. */
    readonly isHere = false,
  ) {}

  get isFull(): boolean {
    return this.connections.size >= this.connectionsMax;
  }

  mayHold(bytes: number): boolean {
    return this.heldBytes + bytes <= this.bytesMax;
  }

  /** Negative when they are given back. */
  hold(bytes: number): void {
    this.heldBytes += bytes;
  }
}
