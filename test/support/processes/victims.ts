// Real nodes to be attacked, with values that must survive whatever is done to them.
import type { NodeSettings } from '../../../src/config/settings';
import type { RunningNode } from '../../../src/create-node';
import { startNetwork } from './network';

export class Victims {
  private writes = 0;

  private constructor(
    readonly nodes: readonly RunningNode[],
    private readonly treasures: ReadonlyMap<string, Buffer>,
    private readonly stopAll: () => Promise<void>,
  ) {}

  /** `count` nodes that know each other and all hold the same values. */
  static async start(count: number, changes: Partial<NodeSettings> = {}): Promise<Victims> {
    const { nodes, stop } = await startNetwork(count, changes);
    const treasures = new Map([
      ['small', Buffer.from('a value')],
      ['empty', Buffer.alloc(0)],
      ['large', Buffer.alloc(300_000, 'abcdefg')],
      ['with/slash und ü', Buffer.from([0, 255, 1, 254])],
    ]);
    for (const [key, value] of treasures) {
      const answer = await nodes[0].engine.put(Buffer.from(key), value, 3_600_000, 'all');
      if (answer.kind !== 'held') throw new Error(`${key} is ${answer.kind}`);
    }
    return new Victims(nodes, treasures, stop);
  }

  get first(): RunningNode {
    return this.nodes[0];
  }

  get port(): number {
    return portOf(this.first);
  }

  url(path: string, node = this.first): string {
    return `http://127.0.0.1:${String(portOf(node))}${path}`;
  }

  /** Every node still serves GET and PUT, and all that was stored is what it was. */
  async expectUnharmed(): Promise<void> {
    for (const node of this.nodes) {
      for (const [key, value] of this.treasures) {
        const answer = await fetch(this.url(`/data/${encodeURIComponent(key)}`, node));
        expect(answer.status).toBe(200);
        expect(Buffer.from(await answer.arrayBuffer()).equals(value)).toBe(true);
      }
      await this.expectServing(node);
    }
  }

  async stop(): Promise<void> {
    await this.stopAll();
  }

  private async expectServing(node: RunningNode): Promise<void> {
    this.writes += 1;
    const [url, body] = [this.url('/data/still-serving', node), `write ${this.writes}`];
    const written = await fetch(url, { method: 'PUT', body });
    expect([201, 202]).toContain(written.status);
    await written.text();
    const read = await fetch(url);
    expect(await read.text()).toBe(body);
  }
}

export function portOf(node: RunningNode): number {
  if (node.listenPort === null) throw new Error('the node has no port');
  return node.listenPort;
}
