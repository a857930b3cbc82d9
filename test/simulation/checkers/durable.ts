// An acknowledged write survives the loss of all but one of the nodes that acknowledged it (or of
// q-1 hosts where the quorum counts hosts): in the end nobody reads an older version, and it or a
// newer one is readable till it expires.
import { formatVersion, type Version } from '../../../src/core/base/version';
import { quorumOf, type Quorum } from '../../../src/core/peer/quorum';
import { keyBytes, type Write } from '../run/history';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';
import { isFull } from './converged';
import { mayBeOver } from './deadline';

export class Durable implements Checker {
  readonly name = 'durable';
  /**
   * When all nodes were found holding the same: losses before count no more against what was
   * written before.
   */
  private readonly healedAtMs: number[] = [];

  /** `healings`: other moments since when losses before count no more. */
  constructor(private readonly healings?: (world: World) => readonly number[]) {}

  sampled(world: World): string[] {
    const live = world.live();
    const reports = live.map((node) => node.core.report());
    const isHealed =
      reports.every(({ state }) => state === 'ready') &&
      new Set(reports.map(({ storage }) => storage.root)).size === 1;
    if (isHealed && live.length > 1) this.healedAtMs.push(world.queue.nowMs);
    return [];
  }

  /**
   * At the moment of a 201 as many hold it as the nodes or hosts that the network was meant to have
   */
  settled(write: Write, world: World): string | null {
    if (!hasVersion(write) || write.outcome?.kind !== 'held' || mayBeOver(write.key, write.version, world))
      return null;
    const holders = world.nodes.filter((node) => holds(node, write, world));
    const hosts = new Set(holders.map(({ host }) => host.index)).size;
    const what = `write ${write.number} of ${write.key} is acknowledged (${write.level}) by ${write.outcome.acks}`;
    if (holders.length < write.outcome.acks) return `${what}, and ${holders.length} hold it`;
    const { needed, counts } = quorumMeant(world);
    const isMet = (counts === 'hosts' ? hosts : holders.length) >= needed;
    return isMet || write.level === 'one'
      ? null
      : `${what}, and ${holders.length} nodes on ${hosts} hosts hold it`;
  }

  ended(world: World): string[] {
    return [...world.history.writesOfKey].flatMap(([key, writes]) => {
      const newest = this.newestGuaranteed(writes, world);
      return newest === null ? [] : missing(key, newest, world);
    });
  }

  private newestGuaranteed(writes: readonly Write[], world: World): (Write & { version: Version }) | null {
    const isOlder = world.history.isOlder.bind(world.history);
    let newest: (Write & { version: Version }) | null = null;
    for (const write of writes) {
      if (!hasVersion(write) || !this.isGuaranteed(write, world)) continue;
      if (newest === null || isOlder(write.key, newest.version, write.version)) newest = write;
    }
    return newest;
  }

  /**
   * Whether between any two moments of full health no more was lost than the acknowledgement
   * covers.
   */
  private isGuaranteed(write: Write, world: World): boolean {
    const groups = new Map<number, { nodes: number; hosts: Set<number> }>();
    const healings = this.healings?.(world) ?? this.healedAtMs;
    for (const { node, atMs } of world.crashes) {
      if (atMs < write.askedAtMs) continue;
      const since = healings.filter(
        (healedAtMs) => healedAtMs <= atMs && healedAtMs > (write.settledAtMs ?? Infinity),
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

/**
 * It reads this version or a newer one, or it has ended since, or had to release it for a newer
 * one, or does not know the time and therefore says to ask elsewhere.
 */
function holds(node: SimNode, write: Write & { version: Version }, world: World): boolean {
  if (node.state === 'gone') return (node.silentSinceMs ?? 0) >= write.askedAtMs;
  const record = node.core.read(keyBytes(write.key), node.now());
  const { history } = world;
  if (record !== null) return !history.isOlder(write.key, record.version, write.version);
  const others = history.writesOfKey.get(write.key) ?? [];
  const isReplaced = others.some(
    ({ version }) => version === null || history.isOlder(write.key, write.version, version),
  );
  return (isReplaced || !isFull(node)) && node.core.mustAsk(keyBytes(write.key), node.now());
}

/**
 * Copies that make a write safe, by what the network was meant to have: never by what can be seen.
 */
function quorumMeant({ hosts, scenario, settings }: World): Quorum {
  const nodes = scenario.hosts.reduce((sum, count) => sum + count, 0);
  return quorumOf(settings.replicationFactor, Math.min(nodes, settings.expectedNodesMin), hosts.length);
}

function hasVersion(write: Write): write is Write & { version: Version } {
  return write.version !== null;
}

function missing(key: string, newest: Write & { version: Version }, world: World): string[] {
  const what = `write ${newest.number} of ${key} (${formatVersion(newest.version)}, ${newest.outcome?.kind ?? ''})`;
  const readings = world.live().map((node) => ({ node, record: node.core.read(keyBytes(key), node.now()) }));
  const older = readings.filter(
    ({ record }) => record && world.history.isOlder(key, record.version, newest.version),
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
