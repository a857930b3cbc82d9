// Begins and ends the faults of a run, each at random times. All end with the faulty phase; a
// crashed or departed node comes back with another id and an empty memory, on the same port or
// another.
import type { Prng } from '../world/prng';
import type { World } from '../world/world';
import { clockFaults } from './clock-faults';
import type { FaultKind, FaultPlan, Inflict, Undo } from './fault';
import { networkFaults } from './network-faults';
import { nodeFaults } from './node-faults';

export class Faults {
  private readonly active = new Set<Undo>();
  private readonly inflict: Record<FaultKind, Inflict>;
  private isOver = false;

  constructor(
    private readonly world: World,
    private readonly prng: Prng,
    plans: readonly FaultPlan[],
  ) {
    this.inflict = { ...nodeFaults(world, prng), ...networkFaults(world, prng), ...clockFaults(world, prng) };
    for (const plan of plans) this.schedule(plan);
  }

  /** Ends all faults, for good. */
  end(): void {
    this.isOver = true;
    for (const undo of [...this.active]) undo();
    this.world.network.calm();
  }

  private schedule(plan: FaultPlan): void {
    const { queue } = this.world;
    const { everyMs } = plan;
    if (plan.atMs !== undefined) queue.at(plan.atMs, () => this.begin(plan));
    if (everyMs === undefined) return;
    queue.after(this.prng.between(...everyMs), () => {
      if (this.isOver) return;
      this.begin(plan);
      this.schedule(plan);
    });
  }

  private begin({ kind, lastsMs }: FaultPlan): void {
    const undo = this.inflict[kind]();
    if (undo === null) return;
    this.world.watch.onLine?.(`begins: ${kind}`);
    const once = (): void => {
      if (!this.active.delete(once)) return;
      this.world.watch.onLine?.(`ends: ${kind}`);
      undo();
    };
    this.active.add(once);
    this.world.queue.after(this.prng.between(...lastsMs), once);
  }
}
