import type { CoreNode } from '../core/node/core-node';
import type { EffectSink } from '../core/base/effects';
import type { Input } from '../core/base/inputs';
import type { Now } from '../core/base/now';
import { CoreLoop } from './core-loop';

const SINK = {} as EffectSink;
const INPUT: Input = { kind: 'candidates', source: 'test', endpoints: [] };

interface Scene {
  readonly calls: string[];
  readonly loop: CoreLoop;
}

/** `deadlines` are what successive ticks ask for, in milliseconds after the tick. */
function setUp(...deadlines: number[]): Scene {
  const calls: string[] = [];
  const core = {
    handle: (_input: Input, now: Now) => {
      calls.push('handle');
      return now.monoMs;
    },
    tick: (now: Now) => {
      calls.push('tick');
      return now.monoMs + (deadlines.shift() ?? Infinity);
    },
  } as unknown as CoreNode;
  const clock = (): Now => ({ monoMs: performance.now(), wallMs: Date.now() });
  return { calls, loop: new CoreLoop(core, clock, SINK, () => undefined) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The turn of an input, and the next one, in which more may come. */
async function turns(): Promise<void> {
  await turn();
  await turn();
}

describe('the core loop', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('ticks once for the inputs of a turn and of the next, however many there are', async () => {
    const { calls, loop } = setUp();
    await turns();
    calls.length = 0;
    loop.submit(INPUT);
    loop.submit(INPUT);
    await turn();
    loop.submit(INPUT);
    await turns();
    expect(calls).toEqual(['handle', 'handle', 'handle', 'tick']);
    loop.stop();
  });

  it('ticks again when the core asked for it', async () => {
    const { calls, loop } = setUp(250, 100);
    await turns();
    expect(calls).toEqual(['tick']);
    jest.advanceTimersByTime(249);
    expect(calls).toEqual(['tick']);
    jest.advanceTimersByTime(2);
    expect(calls).toEqual(['tick', 'tick']);
    loop.stop();
  });

  it('wakes at least every second, whatever the core asked for', async () => {
    const { calls, loop } = setUp(60_000);
    await turns();
    jest.advanceTimersByTime(1000);
    expect(calls).toEqual(['tick', 'tick']);
    loop.stop();
  });

  it('does nothing any more once it is stopped', async () => {
    const { calls, loop } = setUp(10);
    await turns();
    loop.stop();
    loop.submit(INPUT);
    jest.advanceTimersByTime(5000);
    await turns();
    expect(calls).toEqual(['tick']);
  });
});
