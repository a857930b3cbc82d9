// Three nodes under a limit that leaves them the least. Uploads of the largest size replace each
// other on all of them at once.
import { Cluster } from '../support/processes/cluster';
import { LimitedGroup, memoryGroupProblem } from '../support/processes/memory-groups';
import { portRange } from '../support/processes/ports';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';

const LIMIT_MB = 400;
const LARGE = Buffer.alloc(10 * 1_048_576, 7);
const UPLOADERS = 4;
/** Together more than the limit has. */
const TAKEN = 45;
/** Each uploader ends after so many attempts, taken or not. */
const ATTEMPTS = 400;

const possible = possibleWith('control group with a memory limit', memoryGroupProblem());

describe('large uploads that replace each other', () => {
  const cluster = new Cluster();
  let group: LimitedGroup | null = null;

  afterEach(async () => {
    await cluster.cleanUp();
    await group?.remove();
    group = null;
  });

  possible(
    'are taken or refused for as long as they go on, and end no node',
    async () => {
      group = LimitedGroup.create('uploads', LIMIT_MB * 1_048_576);
      const base = await portRange(10);
      const launcher = cluster.startLauncher({ base, within: group.below('nodes') });
      await until(() => launcher.events('network-formed').length >= 1, 'the nodes have met', 60_000);
      const kept = ['a', 'b', 'c', 'd'];
      for (const key of kept) expect(await put(base, key, Buffer.alloc(1_000_000, key))).toBe(201);

      let taken = 0;
      const upload = async (uploader: number): Promise<void> => {
        for (let attempt = 0; attempt < ATTEMPTS && taken < TAKEN; attempt += 1) {
          const status = await put(base + ((uploader + attempt) % 3), `large-${uploader % 2}`, LARGE);
          expect([201, 202, 503, 507]).toContain(status);
          if (status === 201 || status === 202) taken += 1;
        }
      };
      await Promise.all(Array.from({ length: UPLOADERS }, (_, uploader) => upload(uploader)));

      expect(taken).toBeGreaterThanOrEqual(TAKEN);
      expect(launcher.events('node-exited')).toEqual([]);
      for (const [i, key] of kept.entries()) {
        const answer = await fetch(`http://127.0.0.1:${base + (i % 3)}/data/${key}`);
        expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.alloc(1_000_000, key))).toBe(true);
      }
    },
    180_000,
  );
});

async function put(port: number, key: string, body: Buffer): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/data/${key}?ttl=600`, { method: 'PUT', body });
  await answer.arrayBuffer();
  return answer.status;
}
