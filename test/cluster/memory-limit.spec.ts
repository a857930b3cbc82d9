// A real control group above the nodes' own has the limit, as a systemd slice or a pod does.
import { join } from 'node:path';
import { Cluster } from '../support/processes/cluster';
import { LimitedGroup, memoryGroupProblem } from '../support/processes/memory-groups';
import { portRange } from '../support/processes/ports';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';

const LIMIT_MB = 600;
const FILL = ['scripts/run-ts.cjs', 'test/support/processes/fill-memory.ts'].map((path) =>
  join(__dirname, '../..', path),
);

const possible = possibleWith('control group with a memory limit', memoryGroupProblem());

describe('a memory limit on the group above', () => {
  const cluster = new Cluster();
  let slice: LimitedGroup | null = null;

  afterEach(async () => {
    await cluster.cleanUp();
    await slice?.remove();
    slice = null;
  });

  possible(
    'is what the storage is planned by, and what /health counts all its processes against',
    async () => {
      slice = LimitedGroup.create('slice', LIMIT_MB * 1_048_576);
      const base = await portRange(10);
      const launcher = cluster.startLauncher({ base, nodes: 1, within: slice.below('service') });
      await until(() => launcher.events('node-port-claimed').length >= 1, 'the node listens');
      expect(launcher.events('starting')[0]).toMatchObject({
        limit_mb: LIMIT_MB,
        limit_source: slice.directory,
        storage_mb_per_node: Math.floor((LIMIT_MB - 60 - 70) * 0.6),
      });

      const health = async (): Promise<{ status: number; memory: Record<string, unknown> }> => {
        const answer = await fetch(`http://127.0.0.1:${base}/health`);
        const { details } = (await answer.json()) as { details: { memory: Record<string, unknown> } };
        return { status: answer.status, memory: details.memory };
      };
      const before = await health();
      expect(before).toMatchObject({ status: 200, memory: { limit_bytes: LIMIT_MB * 1_048_576 } });
      const neighbour = cluster.run([...slice.below('neighbour'), process.execPath, ...FILL]);
      await until(async () => (await health()).status === 503, 'the node tells that memory ends');
      const { memory } = await health();
      expect(memory).toMatchObject({ status: 'down', scope: 'group' });
      expect(memory.rss_bytes).toBeLessThan(0.5 * LIMIT_MB * 1_048_576);
      neighbour.killAll();
      await until(async () => (await health()).status === 200, 'the node is well again');
    },
  );
});
