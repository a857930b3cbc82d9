// Tells when writes begin to miss their quorum, and when they meet it again.
import type { Stage } from '../base/stage';
import type { PendingWrite } from '../peer/pending-write';

export class QuorumWatch {
  private isMissed = false;

  constructor(private readonly stage: Stage) {}

  settled(write: PendingWrite, kind: 'held' | 'stored'): void {
    const missed = kind === 'stored' && !write.hasQuorum();
    if (missed === this.isMissed || (kind === 'held' && write.facts.level === 'one')) return;
    this.isMissed = missed;
    this.stage.sink.notify(
      missed
        ? { kind: 'quorum-missed', acks: write.copies, needed: write.facts.quorum.needed }
        : { kind: 'quorum-met-again' },
    );
  }
}
