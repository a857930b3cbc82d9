// Looks at /peers of several nodes of one host all the time while a test upsets them, and remembers
// what must never be shown: a node itself or its own port, two entries on one port, an id that was
// gone before, and ids that never lived.
import { setTimeout as delay } from 'node:timers/promises';
import { viewOf } from '../http/calls';
import type { View } from '../http/calls';

const LOOK_EVERY_MS = 15;

export class PeersWatch {
  readonly problems = new Set<string>();
  looks = 0;
  private readonly shown = new Map<string, string>();
  private readonly replaced = new Map<string, Set<string>>();
  private stopped = false;
  private readonly watching: Promise<unknown>;

  constructor(ports: readonly number[]) {
    this.watching = Promise.all(ports.map((port) => this.watch(port)));
  }

  /** What was wrong in any view; `ids` are all the nodes that ever lived. */
  async stop(ids: readonly string[]): Promise<string[]> {
    this.stopped = true;
    await this.watching;
    for (const [id, viewer] of this.shown) {
      if (!ids.includes(id)) this.problems.add(`${viewer} showed ${id}, which never lived`);
    }
    return [...this.problems];
  }

  private async watch(watched: number): Promise<void> {
    while (!this.stopped) {
      const view = await viewOf(watched).catch(() => null);
      if (view !== null) this.judge(view, watched);
      await delay(LOOK_EVERY_MS);
    }
  }

  private judge({ node_id: viewer, peers }: View, ownPort: number): void {
    this.looks += 1;
    const replaced = this.replaced.get(viewer) ?? new Set();
    this.replaced.set(viewer, replaced);
    const places = new Map<string, string>();
    for (const { id, host, port } of peers) {
      this.shown.set(id, viewer);
      const other = places.get(`${host}:${port}`);
      if (id === viewer) this.problems.add(`${viewer} showed itself`);
      if (port === ownPort) this.problems.add(`${viewer} showed ${id} on its own port`);
      if (other !== undefined) this.problems.add(`${viewer} showed ${other} and ${id} on port ${port}`);
      if (replaced.has(id)) this.problems.add(`${viewer} showed ${id} again after it was gone`);
      places.set(`${host}:${port}`, id);
    }
    for (const [id, by] of this.shown) {
      if (by === viewer && !peers.some((peer) => peer.id === id)) replaced.add(id);
    }
  }
}
