// Which of this node's own writes others turn out to hold without having said so one by one.
import type { Member } from '../peer/member';
import type { ExpectedCluster } from '../replication/expected-cluster';
import type { Store } from '../store/store';
import type { WriteLog } from '../store/write-log';
import type { Status } from '../wire/messages';

export class SharedWrites {
  constructor(
    private readonly store: Store,
    private readonly log: WriteLog,
    private readonly cluster: ExpectedCluster,
  ) {}

  /** A peer with the same root holds every write of this node that still counts. */
  heard({ identity }: Member, { root }: Status): void {
    const { store, log, cluster } = this;
    if (store.tree.rootEquals(root)) log.unshared.areHeld(log.last, cluster.isElsewhere(identity));
  }
}
