// The side of repair that gives: streams what a peer asks for over that peer's link, at the link's
// speed.
import type { Member } from '../peer/member';
import type { NodeId } from '../base/identity';
import type { Store } from '../store/store';
import { entriesOfLeaves, entriesOfLog, SyncStream } from '../links/sync-stream';
import type { WriteLog } from '../store/write-log';

export class Donor {
  constructor(
    private readonly self: NodeId,
    private readonly store: Store,
    private readonly log: WriteLog,
  ) {}

  /** All versions in the asked leaves; null = in all of them. */
  serve(member: Member, session: number, leaves: readonly number[] | null): void {
    member.link?.serve(new SyncStream(session, entriesOfLeaves(this.store, leaves)));
  }

  /** This node's own writes by their numbers, but for what is under way on this link anyway. */
  serveGap(member: Member, session: number, from: number, to: number): void {
    const { log } = this;
    const isRemembered = from >= log.first && from > 0;
    const through = isRemembered ? Math.min(to, log.last, member.window.firstUnacked() - 1) : 0;
    member.link?.serve(
      new SyncStream(session, entriesOfLog(this.store, log, this.self, from, through), through),
    );
  }
}
