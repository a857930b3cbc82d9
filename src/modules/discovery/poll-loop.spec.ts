// Early questions in virtual time: how soon strangers get one, and how many they can get.
import { FLUX_TIMING } from './flux-timing';
import { PollLoop, type PollTiming } from './poll-loop';

const TIMING = FLUX_TIMING.locations;
const { periodMs, earlyMs } = TIMING;

describe('a list that strangers want to be asked for', () => {
  /** When each question was put. */
  const askedAtMs: number[] = [];
  let random = 0.5;
  let answers = true;
  let answeredAfterMs = 0;
  let namesNewcomer = false;
  let loop: PollLoop;

  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(Math, 'random').mockImplementation(() => random);
    askedAtMs.length = 0;
    [random, answers, answeredAfterMs, namesNewcomer] = [0.5, true, 0, false];
  });

  afterEach(() => {
    loop.stop();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  async function begin(timing: PollTiming = TIMING): Promise<void> {
    loop = new PollLoop(async () => {
      askedAtMs.push(performance.now());
      if (namesNewcomer) loop.rewarded();
      namesNewcomer = false;
      if (answeredAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, answeredAfterMs));
      return answers;
    }, timing);
    loop.start();
    await jest.advanceTimersByTimeAsync(0);
  }

  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  /** A stranger comes every `everyMs` for so long. */
  async function besiege(forMs: number, everyMs: number): Promise<void> {
    for (let passedMs = 0; passedMs < forMs; passedMs += everyMs) {
      loop.hurry();
      await pass(everyMs);
    }
  }

  /** Milliseconds between each question and the next. */
  const gaps = (): number[] => askedAtMs.slice(1).map((atMs, before) => atMs - askedAtMs[before]);

  it('is asked for within a fifth of the early gap when the last answer is older than that gap', async () => {
    await begin();
    await pass(earlyMs + 5000);
    random = 1;
    loop.hurry();
    await pass(earlyMs / 5);
    expect(gaps()).toEqual([earlyMs + 5000 + earlyMs / 5]);
  });

  it('is asked for at different moments by different dice', async () => {
    await begin();
    await pass(earlyMs + 5000);
    random = 0;
    loop.hurry();
    await pass(0);
    expect(gaps()).toEqual([earlyMs + 5000]);
  });

  it('is not asked for before the early gap is over, whoever comes', async () => {
    await begin();
    random = 0;
    await besiege(earlyMs - 10, 10);
    expect(askedAtMs).toHaveLength(1);
    await pass(10);
    expect(gaps()).toEqual([earlyMs]);
  });

  it('is asked for ever less early while strangers keep coming, and in its turn in the end', async () => {
    await begin();
    await besiege(600_000, 100);
    const [first, second, ...others] = gaps();
    expect(first).toBeCloseTo(earlyMs * 1.1);
    expect(second).toBeCloseTo(earlyMs * 2.2);
    for (const gap of others) expect(gap).toBeCloseTo(periodMs);
    expect(others.length).toBeGreaterThan(15);
  });

  it.each([0, 0.5, 0.999])('is never asked for twice within the early gap (dice at %d)', async (dice) => {
    await begin();
    random = dice;
    await besiege(3_600_000, 1000);
    expect(Math.min(...gaps())).toBeGreaterThanOrEqual(Math.min(earlyMs, 0.8 * periodMs));
    expect(askedAtMs.length).toBeLessThanOrEqual(3_600_000 / (0.8 * periodMs) + 3);
  });

  it('may be asked for as early again once it named somebody new, or after a long calm', async () => {
    const shortestGap = async (): Promise<number> => {
      const before = gaps().length + 1;
      await besiege(4 * periodMs, 1000);
      return Math.min(...gaps().slice(before));
    };
    await begin();
    await besiege(4 * periodMs, 1000);
    expect(await shortestGap()).toBeCloseTo(periodMs);
    namesNewcomer = true;
    expect(await shortestGap()).toBeCloseTo(earlyMs * 1.1);
    expect(await shortestGap()).toBeCloseTo(periodMs);
    await pass(10 * periodMs);
    expect(await shortestGap()).toBeCloseTo(earlyMs * 2.2);
  });

  it('is not asked for early while it cannot be had', async () => {
    answers = false;
    await begin();
    await pass(300_000);
    const before = askedAtMs.length;
    const untroubled = gaps().at(-1) ?? 0;
    await besiege(untroubled * 2, 1000);
    expect(askedAtMs.length - before).toBeLessThanOrEqual(1);
    expect(gaps().at(-1)).toBeGreaterThanOrEqual(untroubled);
  });

  it('is asked for once more when somebody came while the question was under way', async () => {
    answeredAfterMs = 3000;
    await begin();
    await pass(1000);
    loop.hurry();
    await pass(2000 + earlyMs * 1.1);
    expect(gaps()).toEqual([3000 + earlyMs * 1.1]);
  });

  it('is asked for no more after the end, whoever comes', async () => {
    await begin();
    await pass(earlyMs * 2);
    loop.stop();
    loop.hurry();
    await pass(600_000);
    expect(askedAtMs).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
