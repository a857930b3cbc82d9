// What peers ask for to repair themselves, and what they answer when this node asks.
import type { Donor } from '../anti-entropy/donor';
import type { Repair } from '../anti-entropy/repair';
import type { Stage } from '../base/stage';
import type { Link } from '../links/link';
import type { Member } from '../peer/member';
import type { Intake } from '../replication/intake';
import type { Store } from '../store/store';
import type { Received } from '../wire/messages';

/** About what a record has beside its key and its value. */
const RECORD_HEAD_BYTES = 32;

type SyncRecords = Extract<Received, { type: 'syncRecords' }>;
export type RepairMessage =
  | SyncRecords
  | Extract<Received, { type: 'leavesRequest' | 'leaves' | 'syncRequest' | 'syncEnd' | 'gapRequest' }>;

export class RepairMessages {
  constructor(
    private readonly repair: Repair,
    private readonly donor: Donor,
    private readonly intake: Intake,
    private readonly store: Store,
    private readonly stage: Stage,
  ) {}

  /** Null, or what was wrong with the message. */
  take(message: RepairMessage, link: Link, member: Member): string | null {
    switch (message.type) {
      case 'leavesRequest':
        if (!link.owesLeaves) link.say({ type: 'leaves', leaves: this.store.tree.leaves() });
        return null;
      case 'leaves':
        this.repair.onLeaves(member, message.leaves);
        return null;
      case 'syncRequest':
        this.donor.serve(member, message.session, message.leaves);
        return null;
      case 'syncRecords':
        return this.syncRecords(message, member);
      case 'syncEnd':
        // What there was no room for has not come: the pull stands still, and is begun anew.
        if (!link.assembler.hasLost) this.repair.onSyncEnd(member, message.session, message.through);
        return null;
      case 'gapRequest':
        this.donor.serveGap(member, message.session, message.from, message.to);
        return null;
    }
  }

  /** A piece of a record came that is too large for a frame. */
  progressed({ id }: Member, bytes: number): void {
    this.repair.pulling.progressed(id, bytes, this.stage.now.monoMs);
  }

  private syncRecords({ session, records }: SyncRecords, member: Member): string | null {
    if (member.offset.isInDoubt) {
      this.repair.beginAnew(member);
      return null;
    }
    let news = 0;
    let refused = 0;
    let roomless = 0;
    let bytes = 0;
    let problem: string | null = null;
    for (const record of records) {
      problem = this.intake.problemOf(record);
      if (problem !== null) break;
      const { status, isNew } = this.intake.take(record, member);
      bytes += RECORD_HEAD_BYTES + record.key.length + (record.value?.byteLength ?? 0);
      if (isNew) news += 1;
      if (status === 'refused') refused += 1;
      if (status === 'full') roomless += 1;
    }
    // No donor sends an empty list: it is no progress.
    const counts = { news, refused, roomless, bytes };
    if (records.length > 0) this.repair.pulling.received(member.id, session, counts, this.stage.now.monoMs);
    return problem;
  }
}
