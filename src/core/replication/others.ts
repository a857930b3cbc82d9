// The members on other machines, whose clock is not the one of this node.
import type { Membership } from '../membership/membership';
import type { Known } from '../store/entry';
import type { ExpectedCluster } from './expected-cluster';

export class Others {
  constructor(
    private readonly membership: Membership,
    private readonly cluster: ExpectedCluster,
  ) {}

  /** There is a link to one of them. */
  areThere(): boolean {
    for (const { link, identity } of this.membership.active())
      if (link !== null && this.cluster.isElsewhere(identity)) return true;
    return false;
  }

  /** One of them has told that it holds this version, or what replaced it. */
  hold({ origin, seq }: Known): boolean {
    for (const { marks, identity } of this.membership.active())
      if ((marks.get(origin) ?? 0) >= seq && this.cluster.isElsewhere(identity)) return true;
    return false;
  }
}
