// The life of this node's own writes: store, send to every linked member at once, count acks as a
// set, answer when the level is met (docs/protocol.md, Writes).
import type { Input } from '../base/inputs';
import { LIMITS } from '../base/limits';
import type { Stage } from '../base/stage';
import type { Membership } from '../membership/membership';
import { PendingWrite } from '../peer/pending-write';
import type { Fullness } from '../store/fullness';
import { toByteString } from '../store/key';
import type { Author } from './author';
import type { Delivery } from './delivery';
import type { ExpectedCluster } from './expected-cluster';

type Put = Extract<Input, { kind: 'put' }>;

export class Coordinator {
  constructor(
    private readonly author: Author,
    private readonly delivery: Delivery,
    private readonly cluster: ExpectedCluster,
    private readonly membership: Membership,
    private readonly fullness: Fullness,
    private readonly stage: Stage,
  ) {}

  put(input: Put): void {
    const { sink, now } = this.stage;
    if (this.membership.own.leaving) {
      sink.settlePut(input.requestId, { kind: 'draining' });
      return;
    }
    if (this.isOverloaded()) {
      sink.settlePut(input.requestId, { kind: 'busy' });
      return;
    }
    const key = toByteString(input.key);
    const older = this.author.known(key);
    if (!this.author.canStamp(older)) {
      sink.settlePut(input.requestId, { kind: 'unstamped' });
      return;
    }
    const { quorum, expected } = this.cluster;
    const isNew = older?.holding !== 'value';
    if (this.author.lacksRoomFor(key, input.value.byteLength)) {
      this.fill();
      this.refuseForRoom(input, 'here');
      return;
    }
    if (isNew && this.cluster.othersLackRoom(quorum)) {
      this.refuseForRoom(input, 'peers');
      return;
    }
    const { entry, version } = this.author.write(key, input, older);
    const write = new PendingWrite(
      {
        requestId: input.requestId,
        version,
        level: input.level,
        quorum,
        expected,
        startedAtMs: now.monoMs,
        valueBytes: input.value.byteLength,
      },
      this.cluster.self,
    );
    this.delivery.begin(write);
    if (entry !== undefined) this.delivery.send(write, entry);
  }

  /**
   * No peer keeps up: one more write would only make every queue longer, and what overflows is
   * dropped and repaired.
   */
  private isOverloaded(): boolean {
    if (this.delivery.pending >= LIMITS.pendingWritesMax) return true;
    let anyBehind = false;
    for (const { link } of this.membership.active()) {
      if (link === null) continue;
      if (!link.isBehind) return false;
      anyBehind = true;
    }
    return anyBehind;
  }

  private fill(): void {
    const { usedBytes, limitBytes } = this.fullness;
    if (this.fullness.fills()) this.stage.sink.notify({ kind: 'storage-full', usedBytes, limitBytes });
  }

  private refuseForRoom({ requestId }: Put, at: 'here' | 'peers'): void {
    const { usedBytes, limitBytes } = this.fullness;
    this.stage.sink.settlePut(requestId, { kind: 'full', at, usedBytes, limitBytes });
  }
}
