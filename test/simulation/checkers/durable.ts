// An acknowledged write survives the loss of all but one of the nodes that acknowledged it (or of q-1 hosts where
// the quorum counts hosts): in the end nobody reads an older version, and it or a newer one is readable till it expires.
import { compareVersions, formatVersion, type Version } from '../../../src/core/version/version';
import { keyBytes, type Write } from '../history';
import type { World } from '../world';
import type { Checker } from './checker';
import { mayBeOver } from './deadline';

export class Durable implements Checker {
  readonly name = 'durable';
  /** When all nodes were found holding the same: losses before count no more against what was written before. */
  private readonly healedAtMs: number[] = [];

  sampled(world: World): string[] {
    const live = world.live();
    const reports = live.map((node) => node.core.report());
    const isHealed =
      reports.every(({ state }) => state === 'ready') &&
      new Set(reports.map(({ storage }) => storage.root)).size === 1;
    if (isHealed && live.length > 1) this.healedAtMs.push(world.queue.nowMs);
    return [];
  }

  ended(world: World): string[] {
    return [...world.history.writesOfKey].flatMap(([key, writes]) => {
      const newest = this.newestGuaranteed(writes, world);
      return newest === null ? [] : missing(key, newest, world);
    });
  }

  private newestGuaranteed(writes: readonly Write[], world: World): (Write & { version: Version }) | null {
    let newest: (Write & { version: Version }) | null = null;
    for (const write of writes) {
      if (!hasVersion(write) || !this.isGuaranteed(write, world)) continue;
      if (newest === null || compareVersions(write.version, newest.version) > 0) newest = write;
    }
    return newest;
  }

  /** Whether between any two moments of full health no more was lost than the acknowledgement covers. */
  private isGuaranteed(write: Write, world: World): boolean {
    const groups = new Map<number, { nodes: number; hosts: Set<number> }>();
    for (const { node, atMs } of world.crashes) {
      if (atMs < write.askedAtMs) continue;
      const since = this.healedAtMs.filter(
        (healedAtMs) => healedAtMs < atMs && healedAtMs > (write.settledAtMs ?? Infinity),
      );
      const epoch = since.at(-1) ?? 0;
      const group = groups.get(epoch) ?? { nodes: 0, hosts: new Set() };
      groups.set(epoch, { nodes: group.nodes + 1, hosts: group.hosts.add(node.host.index) });
    }
    return [...groups.values()].every(
      ({ nodes, hosts }) => nodes <= write.survives.nodes || hosts.size <= write.survives.hosts,
    );
  }
}

function hasVersion(write: Write): write is Write & { version: Version } {
  return write.version !== null;
}

function missing(key: string, newest: Write & { version: Version }, world: World): string[] {
  const what = `write ${newest.number} of ${key} (${formatVersion(newest.version)}, ${newest.outcome?.kind ?? ''})`;
  const readings = world.live().map((node) => ({ node, record: node.core.read(keyBytes(key), node.now()) }));
  const older = readings.filter(
    ({ record }) => record && compareVersions(record.version, newest.version) < 0,
  );
  const isGone = readings.every(({ record }) => record === null) && !mayBeOver(key, newest.version, world);
  return [
    ...older.map(
      ({ node, record }) =>
        `${what}: ${node.identity.name} reads the older ${record ? formatVersion(record.version) : ''}`,
    ),
    ...(isGone ? [`${what} is lost: nobody reads it, ${formatLeft(newest, world)} before its deadline`] : []),
  ];
}

function formatLeft(write: Write, world: World): string {
  return `${(write.askedAtMs + write.ttlMs - world.queue.nowMs).toFixed(0)} ms`;
}
