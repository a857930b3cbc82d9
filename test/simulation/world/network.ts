// The simulated network: who listens where, dials, probes, links, and everything that goes wrong
// between hosts.
import type { Endpoint } from '../../../src/core/base/identity';
import type { LinkId } from '../../../src/core/base/inputs';
import { CUT_LINK_DIES_MS, whenFoundGone, type Ending } from '../run/endings';
import type { EventQueue } from './event-queue';
import { Line, type LinePlan } from './line';
import { Link, type End, type Pipe, type PipeSurroundings, type Weather } from './link';
import { dialFailure, probeOutcome, type Found, type Stranger } from './listener';
import type { Prng } from './prng';
import type { SimNode } from './sim-node';
import type { Host, Wires } from './surroundings';

/** A connection attempt or health call that nothing answers ends after this. */
const ATTEMPT_TIMEOUT_MS = 2000;
const LOOPBACK = '127.0.0.1';
/** Between two processes of one host. */
const LOCAL = { delayMs: 0.05, jitterMs: 0.3 };

interface Place {
  readonly link: Link;
  readonly side: 0 | 1;
}

type Cut = (from: SimNode, to: SimNode) => boolean;

export class Network implements Wires, PipeSurroundings {
  readonly links = new Set<Link>();
  readonly local: Weather;
  readonly remote: Weather;
  private readonly lines = new Map<string, Line>();
  private readonly cuts = new Set<Cut>();
  private readonly listeners = new Map<string, SimNode | Stranger>();
  private readonly ends = new Map<SimNode, Map<LinkId, Place>>();
  /** Machines that went silent: packets to them vanish until something listens there again. */
  private readonly silent = new Set<string>();
  private linkIds = 0;

  constructor(
    readonly queue: EventQueue,
    readonly prng: Prng,
    private readonly hosts: readonly Host[],
    weather: Weather,
    private readonly line: LinePlan | null,
    /** What is sent first on a link that comes up from then on comes later by up to this. */
    private readonly slowStart: { readonly fromMs: number; readonly byMs: number },
  ) {
    this.remote = { ...weather };
    this.local = { ...weather, ...LOCAL };
  }

  listen(host: Host, port: number, listener: SimNode | Stranger): void {
    this.listeners.set(`${host.index}:${port}`, listener);
    this.silent.delete(`${host.index}:${port}`);
  }

  isFree(host: Host, port: number): boolean {
    return !this.listeners.has(`${host.index}:${port}`);
  }

  /** The process is gone. */
  remove(node: SimNode, ending: Ending): void {
    const place = `${node.host.index}:${node.identity.listenPort}`;
    this.listeners.delete(place);
    if (ending === 'silent') this.silent.add(place);
    for (const { link, side } of [...(this.ends.get(node)?.values() ?? [])]) {
      const far = (1 - side) as 0 | 1;
      link.ends[side].state = 'down';
      link.isHalfOpen = true;
      whenFoundGone(ending, link.pipes[side], this, () => this.takeDown(link, far));
    }
    this.ends.delete(node);
  }

  /** Packets from a to b are lost where `cut` says so, until the returned function is called. */
  cut(cut: Cut): () => void {
    this.cuts.add(cut);
    for (const link of this.links) this.dieIfCut(link, cut);
    return () => {
      this.cuts.delete(cut);
      for (const link of this.links) link.pipes.forEach((pipe) => pipe.release());
    };
  }

  isCut(from: SimNode, to: SimNode): boolean {
    for (const cut of this.cuts) if (cut(from, to)) return true;
    return false;
  }

  /** Single frames are lost, repeated and replayed from now on. */
  storm(rate: number): void {
    for (const weather of [this.local, this.remote])
      weather.lossRate = weather.duplicateRate = weather.replayRate = rate;
  }

  /** The end of all that, also of the weather the scenario began with. */
  calm(): void {
    this.storm(0);
  }

  weatherBetween(a: SimNode, b: SimNode): Weather {
    return a.host === b.host ? this.local : this.remote;
  }

  lineBetween({ host: from }: SimNode, { host: to }: SimNode): Line | null {
    if (this.line === null || from === to) return null;
    const way = `${from.index}>${to.index}`;
    const line = this.lines.get(way) ?? new Line(this.line, this.prng.fork());
    this.lines.set(way, line);
    return line;
  }

  send(node: SimNode, linkId: LinkId, frame: Uint8Array): void {
    const place = this.ends.get(node)?.get(linkId);
    if (place?.link.ends[place.side].state === 'up') place.link.pipes[place.side].send(frame);
  }

  close(node: SimNode, linkId: LinkId): void {
    const place = this.ends.get(node)?.get(linkId);
    if (place !== undefined) this.closeEnd(place.link, place.side);
  }

  /** One side closes: what it sent still arrives, then both hear of the end. */
  closeEnd(link: Link, side: 0 | 1): void {
    link.isHalfOpen = true;
    link.pipes[side].deliver(() => this.takeDown(link, (1 - side) as 0 | 1));
    this.queue.after(this.prng.between(0.1, 2), () => this.takeDown(link, side));
  }

  /** An end is gone at once; the other is not told (a half-open link). */
  takeDown(link: Link, side: 0 | 1): void {
    const end = link.ends[side];
    if (end.state === 'down') return;
    const was = end.state;
    end.state = 'down';
    this.ends.get(end.node)?.delete(end.linkId);
    if (!link.isOpen) this.links.delete(link);
    if (was === 'up') end.node.submit({ kind: 'link-down', linkId: end.linkId });
    else if (side === 0) end.node.submit({ kind: 'dial-failed', endpoint: link.endpoint, failure: 'failed' });
  }

  bounced(from: End): void {
    const place = this.ends.get(from.node)?.get(from.linkId);
    if (place !== undefined && !place.link.isHalfOpen) this.takeDown(place.link, place.side);
  }

  probe(node: SimNode, endpoint: Endpoint): void {
    this.reach(node, endpoint, (found) => {
      const outcome = probeOutcome(found);
      const waitMs = outcome.kind === 'timeout' ? ATTEMPT_TIMEOUT_MS : this.delayTo(node, endpoint);
      this.queue.after(waitMs, () => node.submit({ kind: 'probe-result', endpoint, outcome }));
    });
  }

  dial(node: SimNode, endpoint: Endpoint): void {
    this.reach(node, endpoint, (found) => {
      const failure = dialFailure(found, node);
      if (failure === null) return this.connect(node, found as SimNode, endpoint);
      const waitMs = failure === 'timeout' ? ATTEMPT_TIMEOUT_MS : this.delayTo(node, endpoint);
      this.queue.after(waitMs, () => node.submit({ kind: 'dial-failed', endpoint, failure }));
    });
  }

  /**
   * Finds, one delay from now, who listens there: undefined = nobody, null = no packet comes
   * through.
   */
  private reach(node: SimNode, endpoint: Endpoint, found: (who: Found) => void): void {
    this.queue.after(this.delayTo(node, endpoint), () => {
      const host = endpoint.address === LOOPBACK ? node.host : this.hostAt(endpoint);
      if (host === undefined) return found(null);
      const port = endpoint.port - (endpoint.address === LOOPBACK ? 0 : host.portShift);
      const place = `${host.index}:${port}`;
      if (this.silent.has(place)) return found(null);
      const who = this.listeners.get(place);
      const isReachable = !(who && 'core' in who) || !(this.isCut(node, who) || this.isCut(who, node));
      found(isReachable ? who : null);
    });
  }

  /** Greets: either side may be ready first, but no frame comes before the link is up. */
  private connect(dialler: SimNode, listener: SimNode, endpoint: Endpoint): void {
    const ends: [End, End] = [this.newEnd(dialler), this.newEnd(listener)];
    const link = new Link(ends, endpoint, this);
    for (const side of [0, 1] as const) this.endsOf(ends[side].node).set(ends[side].linkId, { link, side });
    this.links.add(link);
    const address = dialler.host === listener.host ? LOOPBACK : dialler.host.address;
    const caller = { address, port: 40_000 + this.prng.below(20_000) };
    link.pipes[0].deliver(() => this.bringUp(link, 1, caller));
    link.pipes[1].deliver(() => this.bringUp(link, 0, endpoint));
    if (this.slowStart.byMs > 0 && this.queue.nowMs >= this.slowStart.fromMs)
      for (const pipe of link.pipes) this.startSlowly(pipe);
  }

  private startSlowly(pipe: Pipe): void {
    const byMs = this.prng.between(0, this.slowStart.byMs);
    pipe.lagMs += byMs;
    this.queue.after(byMs, () => {
      pipe.lagMs -= byMs;
    });
  }

  private newEnd(node: SimNode): End {
    this.linkIds += 1;
    return { node, linkId: this.linkIds, state: 'pending' };
  }

  private endsOf(node: SimNode): Map<LinkId, Place> {
    const ends = this.ends.get(node) ?? new Map<LinkId, Place>();
    this.ends.set(node, ends);
    return ends;
  }

  private bringUp(link: Link, side: 0 | 1, endpoint: Endpoint): void {
    const own = link.ends[side];
    if (own.state !== 'pending') return;
    own.state = 'up';
    const direction = side === 0 ? 'outbound' : 'inbound';
    const { identity } = link.ends[1 - side].node;
    own.node.submit({ kind: 'link-up', linkId: own.linkId, direction, identity, endpoint });
  }

  private dieIfCut(link: Link, cut: Cut): void {
    const [a, b] = [link.ends[0].node, link.ends[1].node];
    if (!cut(a, b) && !cut(b, a)) return;
    for (const side of [0, 1] as const) {
      this.queue.after(this.prng.between(...CUT_LINK_DIES_MS), () => {
        if (this.cuts.has(cut)) this.takeDown(link, side);
      });
    }
  }

  private hostAt(endpoint: Endpoint): Host | undefined {
    return this.hosts.find((host) => host.address === endpoint.address);
  }

  private delayTo(node: SimNode, endpoint: Endpoint): number {
    const isLocal = endpoint.address === LOOPBACK || endpoint.address === node.host.address;
    const { delayMs, jitterMs } = isLocal ? this.local : this.remote;
    return delayMs + this.prng.between(0, jitterMs);
  }
}
