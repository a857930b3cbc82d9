// Reads at a node that lags behind: what its readers were told once is not taken back.
import type { SystemClock } from '../adapters/system-clock';
import type { FetchOutcome, ReadRecord } from '../core/base/effects';
import type { Version } from '../core/base/version';
import type { CoreNode } from '../core/node/core-node';
import { CoreReads } from './core-reads';
import type { EffectRunner } from './effect-runner';
import { ToldVersions } from './told-versions';

const KEY = Buffer.from('k');
const ORIGIN = 'a'.repeat(16);
const LIFE_MS = 10_000;
const versionOf = (hlc: number): Version => ({ hlc, origin: ORIGIN });
const recordOf = (hlc: number): ReadRecord => ({
  value: Buffer.from(`of ${hlc}`),
  version: versionOf(hlc),
  ttlMs: LIFE_MS,
  deadlineMs: LIFE_MS,
});
const metadataOf = (hlc: number): FetchOutcome => {
  const { value, ...facts } = recordOf(hlc);
  return { kind: 'described', metadata: { ...facts, valueBytes: value.byteLength } };
};

/** A node that holds version 1, and peers that answer as told. */
class Scene {
  held: ReadRecord | null = recordOf(1);
  nowMs = 0;
  hasRoom = true;
  answer: FetchOutcome = metadataOf(2);
  readonly asked: { minVersion: Version | null; isMetadataOnly?: boolean }[] = [];
  readonly reads: CoreReads;

  constructor(told?: ToldVersions) {
    const core = { read: () => this.held, mustAsk: () => false, isOutdated: () => false };
    let settle: (outcome: FetchOutcome) => void = () => undefined;
    const effects = { awaitFetch: (resolve: typeof settle) => ((settle = resolve), 1) };
    const clock = { now: () => ({ monoMs: this.nowMs, wallMs: 0 }) };
    const parts = {
      core: () => core as unknown as CoreNode,
      effects: effects as unknown as EffectRunner,
      clock: clock as unknown as SystemClock,
    };
    this.reads = new CoreReads(
      parts,
      (input) => {
        if (input.kind === 'fetch') this.asked.push(input);
        if (this.answer.kind === 'found' && this.hasRoom) this.held = this.answer.record;
        settle(this.answer);
      },
      told,
    );
  }

  /** A HEAD that names a version which is not here. */
  async head(hlc = 2): Promise<unknown> {
    return this.reads.describe(KEY, versionOf(hlc));
  }
}

it('a GET after a HEAD that told of a newer version gives that version, and asks a peer for it', async () => {
  const scene = new Scene();
  expect(await scene.head()).toMatchObject({ version: versionOf(2) });
  scene.answer = { kind: 'found', record: recordOf(2) };
  expect(await scene.reads.get(KEY)).toMatchObject({ version: versionOf(2) });
  expect(scene.asked.at(-1)).toMatchObject({ minVersion: versionOf(2), isMetadataOnly: false });
  expect(scene.reads.get(KEY)).toMatchObject({ version: versionOf(2) });
  expect(scene.asked).toHaveLength(2);
});

it('it says that nobody knows where no peer answers, not the older value', async () => {
  const scene = new Scene();
  await scene.head();
  scene.answer = { kind: 'unknown' };
  expect(await scene.reads.get(KEY)).toBe('unknown');
  expect(await scene.reads.describe(KEY)).toBe('unknown');
});

it('the same holds where nothing is held, and for a value that was given and could not be kept', async () => {
  const scene = new Scene();
  scene.held = null;
  await scene.head();
  scene.answer = { kind: 'unknown' };
  expect(await scene.reads.get(KEY)).toBe('unknown');
  const full = new Scene();
  full.hasRoom = false;
  full.answer = { kind: 'found', record: recordOf(2) };
  await full.reads.get(KEY, versionOf(2));
  full.answer = { kind: 'unknown' };
  expect(await full.reads.get(KEY)).toBe('unknown');
});

it('what is held is given again when the version has come, is over, or is with nobody any more', async () => {
  const arrived = new Scene();
  await arrived.head();
  arrived.held = recordOf(3);
  expect(arrived.reads.get(KEY)).toMatchObject({ version: versionOf(3) });
  const over = new Scene();
  await over.head();
  over.nowMs = LIFE_MS;
  expect(over.reads.get(KEY)).toMatchObject({ version: versionOf(1) });
  const lost = new Scene();
  await lost.head();
  lost.answer = { kind: 'absent' };
  expect(await lost.reads.get(KEY)).toMatchObject({ version: versionOf(1) });
  expect(lost.reads.get(KEY)).toMatchObject({ version: versionOf(1) });
});

it('a version that the reader names is found even where a lesser one was told', async () => {
  const scene = new Scene();
  await scene.head();
  scene.answer = { kind: 'found', record: recordOf(5) };
  expect(await scene.reads.get(KEY, versionOf(5))).toMatchObject({ version: versionOf(5) });
  expect(scene.asked.at(-1)).toMatchObject({ minVersion: versionOf(5) });
});

it('a HEAD for which no more can be remembered fetches the value itself', async () => {
  const scene = new Scene(new ToldVersions(0));
  scene.answer = { kind: 'found', record: recordOf(2) };
  await scene.head();
  expect(scene.asked).toMatchObject([{ isMetadataOnly: false }]);
});
