// What goes wrong during a run, each fault at random times. All end with the faulty phase; a crashed or departed node
// comes back with another id and an empty memory, on the same port or another.
import type { Link } from './link';
import type { Prng } from './prng';
import type { SimNode } from './sim-node';
import type { World } from './world';

export type FaultKind =
  | 'crash'
  | 'silent-crash'
  | 'leave'
  | 'pause'
  | 'partition'
  | 'one-way'
  | 'half-open'
  | 'stall'
  | 'storm'
  | 'reset';

/** One kind of fault, begun every `everyMs` (drawn anew each time) and ended after `lastsMs`. */
export interface FaultPlan {
  readonly kind: FaultKind;
  readonly everyMs: readonly [number, number];
  readonly lastsMs: readonly [number, number];
}

/** Ends a fault that has begun. */
type Undo = () => void;

/** Frames lost or duplicated during a storm. */
const STORM_RATE = 0.2;
/** A leaving process closes its sockets this long after it said goodbye. */
const LEAVE_MS = 300;

export class Faults {
  private readonly active = new Set<Undo>();
  private isOver = false;

  constructor(
    private readonly world: World,
    private readonly prng: Prng,
    plans: readonly FaultPlan[],
  ) {
    for (const plan of plans) this.schedule(plan);
  }

  /** Whether anything is wrong now. */
  get isAny(): boolean {
    return this.active.size > 0;
  }

  /** Ends all faults, for good. */
  end(): void {
    this.isOver = true;
    for (const undo of [...this.active]) undo();
    const { local, remote } = this.world.network;
    for (const weather of [local, remote]) weather.lossRate = weather.duplicateRate = 0;
  }

  private schedule(plan: FaultPlan): void {
    this.world.queue.after(this.prng.between(...plan.everyMs), () => {
      if (this.isOver) return;
      this.begin(plan);
      this.schedule(plan);
    });
  }

  private begin(plan: FaultPlan): void {
    const undo = this.inflict(plan.kind);
    if (undo === null) return;
    const once = (): void => {
      if (this.active.delete(once)) undo();
    };
    this.active.add(once);
    this.world.queue.after(this.prng.between(...plan.lastsMs), once);
  }

  private inflict(kind: FaultKind): Undo | null {
    switch (kind) {
      case 'crash':
      case 'silent-crash':
        return this.withNode((node) => this.world.crash(node, kind === 'silent-crash'));
      case 'leave':
        return this.withNode((node) => this.leave(node));
      case 'pause':
        return this.pause();
      case 'partition':
      case 'one-way':
        return this.partition(kind === 'one-way');
      case 'half-open':
        return this.halfOpen();
      case 'stall':
        return this.stall();
      case 'storm':
        return this.storm();
      case 'reset':
        return this.reset();
    }
  }

  /** Takes a node away; the undo starts its successor. Never the last one of the network. */
  private withNode(take: (node: SimNode) => void): Undo | null {
    const candidates = this.world.live().filter((node) => !node.leaving);
    if (candidates.length < 2) return null;
    const node = this.prng.pick(candidates);
    take(node);
    const port = this.prng.chance(0.7) ? node.identity.listenPort : null;
    return () => {
      if (node.state !== 'gone') this.world.crash(node, false);
      this.world.start(node.host, port);
    };
  }

  private leave(node: SimNode): void {
    node.leaving = true;
    node.submit({ kind: 'drain' });
    this.world.queue.after(LEAVE_MS, () => {
      if (node.state !== 'gone') this.world.crash(node, false);
    });
  }

  private pause(): Undo | null {
    const running = this.world.live().filter((node) => node.state === 'running' && !node.leaving);
    if (running.length === 0) return null;
    const node = this.prng.pick(running);
    node.pause();
    return () => node.resume();
  }

  /** Between hosts; between nodes when there is only one host. */
  private partition(oneWay: boolean): Undo {
    const hosts = this.world.hosts.length;
    const placeOf = (node: SimNode): number => (hosts > 1 ? node.host.index : node.identity.listenPort);
    const sides = new Map<number, boolean>();
    const isInside = (node: SimNode): boolean => {
      const place = placeOf(node);
      const side = sides.get(place) ?? this.prng.chance(0.5);
      sides.set(place, side);
      return side;
    };
    return this.world.network.cut((from, to) =>
      oneWay ? isInside(from) && !isInside(to) : isInside(from) !== isInside(to),
    );
  }

  private reset(): Undo | null {
    return this.withLink((link) => {
      this.world.network.takeDown(link, 0);
      this.world.network.takeDown(link, 1);
      return () => {};
    });
  }

  private halfOpen(): Undo | null {
    return this.withLink((link, side) => {
      link.isHalfOpen = true;
      this.world.network.takeDown(link, side);
      return () => {
        link.isHalfOpen = false;
      };
    });
  }

  private stall(): Undo | null {
    return this.withLink((link, side) => {
      const pipe = link.pipes[side];
      pipe.stalled = true;
      return () => {
        pipe.stalled = false;
        pipe.release();
      };
    });
  }

  private storm(): Undo {
    const { local, remote } = this.world.network;
    for (const weather of [local, remote]) weather.lossRate = weather.duplicateRate = STORM_RATE;
    return () => {
      for (const weather of [local, remote]) weather.lossRate = weather.duplicateRate = 0;
    };
  }

  private withLink(inflict: (link: Link, side: 0 | 1) => Undo): Undo | null {
    const links = [...this.world.network.links];
    if (links.length === 0) return null;
    return inflict(this.prng.pick(links), this.prng.chance(0.5) ? 0 : 1);
  }
}
