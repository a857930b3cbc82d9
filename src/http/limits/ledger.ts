// All bytes that one node holds for its clients at a time, by what they are held for. What can be
// refused asks with `take`. What is there already is charged, and then a slow client has to go.
// What is held for peers has bounds of its own (src/core/base/settings.ts).
// src/config/memory-budget.ts shares out both.
import type { Transfer } from './transfers';

export const ACCOUNTS = ['connections', 'requests', 'bodies', 'answers', 'listings'] as const;
export type Account = (typeof ACCOUNTS)[number];

/** Makes room by ending the slowest transfers, until `isEnough` or none is left. */
export type MakeRoom = (isEnough: () => boolean, asking: Transfer | null) => void;

export class Ledger {
  private readonly held: Record<Account, number> = {
    connections: 0,
    requests: 0,
    bodies: 0,
    answers: 0,
    listings: 0,
  };
  private total = 0;
  private makeRoom: MakeRoom = () => undefined;

  constructor(readonly limitBytes: number) {}

  onShortage(makeRoom: MakeRoom): void {
    this.makeRoom = makeRoom;
  }

  get usedBytes(): number {
    return this.total;
  }

  /** More is held than may be: nothing new is begun. */
  get isOverdrawn(): boolean {
    return this.total > this.limitBytes;
  }

  heldBy(account: Account): number {
    return this.held[account];
  }

  fits(bytes: number): boolean {
    return this.total + bytes <= this.limitBytes;
  }

  /**
   * False when that many bytes do not fit, even after slow ones have gone. Nothing is taken then.
   */
  take(account: Account, bytes: number, asking: Transfer | null = null): boolean {
    if (!this.fits(bytes)) this.makeRoom(() => this.fits(bytes), asking);
    if (!this.fits(bytes)) return false;
    this.charge(account, bytes);
    return true;
  }

  /** For bytes that are held whether or not there is room. */
  charge(account: Account, bytes: number): void {
    this.held[account] += bytes;
    this.total += bytes;
  }

  give(account: Account, bytes: number): void {
    this.charge(account, -bytes);
  }
}
