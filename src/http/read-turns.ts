// Bodies that come in many small pieces wait here for the next read of their connection. A read of
// 64 KiB can hold ten thousand chunks of one byte, and libuv reads a busy socket up to 32 times in
// one turn of the event loop: that one connection would have everybody else wait for seconds. So
// whoever sends many pieces gets one read, and of all that do so only one reads in each turn,
// however many they are. There is one event loop, so there is one queue.

export class ReadTurns {
  private readonly waiting: (() => void)[] = [];

  /**
   * `goOn` is called in a later turn of the event loop, in which nobody else of this queue reads.
   */
  wait(goOn: () => void): void {
    this.waiting.push(goOn);
    if (this.waiting.length === 1) setImmediate(this.next);
  }

  private readonly next = (): void => {
    const goOn = this.waiting.shift();
    if (this.waiting.length > 0) setImmediate(this.next);
    goOn?.();
  };
}

export const readTurns = new ReadTurns();
