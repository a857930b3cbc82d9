import { entry } from '../../test/support/core/records';
import { until } from '../../test/support/basics/until';
import type { Log } from '../adapters/log';
import { ChangeFeed, keyByteString, keyText } from './change-feed';
import type { EngineChange } from './data-engine';
import { LoopDelay } from './loop-delay';
import { logNotification } from './notification-log';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the change feed', () => {
  it('tells listeners of changes in order, after the call, with keys as text', async () => {
    const feed = new ChangeFeed();
    const heard: EngineChange[] = [];
    const leave = feed.subscribe((changes) => heard.push(...changes));
    feed.stored(entry({ key: keyByteString('grün') }));
    feed.ended({ keyText: 'k', hlc: 1, origin: 'a'.repeat(16) });
    expect(heard).toEqual([]);
    await turn();
    expect(heard).toMatchObject([
      { kind: 'put', key: 'grün', ttlMs: 60_000 },
      { kind: 'expire', key: 'k' },
    ]);
    leave();
    feed.ended({ keyText: 'k', hlc: 1, origin: 'a'.repeat(16) });
    await turn();
    expect(heard).toHaveLength(2);
  });

  it('tells of a small value as it was, whatever becomes of the bytes after the call', async () => {
    const feed = new ChangeFeed();
    const heard: EngineChange[] = [];
    feed.subscribe((changes) => heard.push(...changes));
    const value = Uint8Array.from([1, 2, 3]);
    feed.stored(entry({ value }));
    value.fill(0);
    await turn();
    expect(heard).toMatchObject([{ kind: 'put', value: Uint8Array.from([1, 2, 3]) }]);
  });

  it('keeps any text through its byte string', () => {
    for (const text of ['', 'plain', 'ü/ß', '🌱']) expect(keyText(keyByteString(text))).toBe(text);
  });
});

describe('a notification in the log', () => {
  function logged(
    notification: Parameters<typeof logNotification>[1],
  ): [string, string, object | undefined][] {
    const lines: [string, string, object | undefined][] = [];
    const at =
      (level: string) =>
      (event: string, fields?: object): void =>
        void lines.push([level, event, fields]);
    const log: Log = {
      trace: at('trace'),
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
    };
    logNotification(log, notification);
    return lines;
  }

  it('has fields with units in snake case and endpoints as text', () => {
    const endpoint = { address: '::1', port: 8082 };
    expect(logged({ kind: 'peer-joined', id: 'x', name: 'n', endpoint })).toEqual([
      ['info', 'peer-joined', { peer_id: 'x', peer_name: 'n', endpoint: '[::1]:8082' }],
    ]);
    expect(logged({ kind: 'peer-lagging', id: 'x', name: 'n', windowMs: 50, times: 1 })).toEqual([
      ['warn', 'peer-lagging', { peer_id: 'x', peer_name: 'n', window_ms: 50, times: 1 }],
    ]);
  });

  it('is a warning when something is wrong', () => {
    const dead = logged({ kind: 'member-dead', id: 'x', name: 'n', reason: 'test' });
    const joined = logged({ kind: 'synced', keys: 1, durationMs: 2, from: null });
    expect([dead[0][0], joined[0][0]]).toEqual(['warn', 'info']);
  });
});

describe('the loop delay', () => {
  it('is never negative and keeps the worst of the window before', () => {
    const delay = new LoopDelay(0);
    const first = delay.read(0);
    expect(Math.min(first.p50, first.p99, first.max)).toBeGreaterThanOrEqual(0);
    const rolled = delay.read(120_000);
    expect(delay.read(120_001).max).toBeGreaterThanOrEqual(rolled.max);
    delay.stop();
  });

  it('is looked for less often after ten seconds without work, and forgets nothing by that', () => {
    const looks: { intervalMs: number; isOver: boolean }[] = [];
    const delay = new LoopDelay(0, (intervalMs) => {
      const look = { intervalMs, isOver: false };
      looks.push(look);
      // Each is late by a millisecond for each that was made, beside its own interval.
      const max = (intervalMs + looks.length) * 1e6;
      const disable = (): boolean => (look.isOver = true);
      return { count: 1, max, percentile: () => max, reset: () => undefined, disable };
    });
    delay.worked(false, 9999);
    expect(looks.map(({ intervalMs }) => intervalMs)).toEqual([10]);
    delay.worked(false, 10_000);
    delay.worked(false, 11_000);
    expect(looks.map(({ isOver }) => isOver)).toEqual([true, false]);
    expect(delay.read(11_000)).toEqual({ p50: 2, p99: 2, max: 2 });
    delay.worked(true, 12_000);
    delay.worked(false, 21_000);
    expect(looks.map(({ intervalMs }) => intervalMs)).toEqual([10, 200, 10]);
    delay.worked(false, 22_000);
    delay.worked(true, 23_000);
    expect(delay.read(23_000).max).toBe(5);
    expect(delay.read(60_000).max).toBe(5);
    expect(delay.read(120_000).max).toBe(5);
    delay.stop();
    expect(looks.every(({ isOver }) => isOver)).toBe(true);
  });

  it('comes in hundredths of a millisecond', async () => {
    const delay = new LoopDelay(0);
    await until(() => delay.read(0).max > 0, 'the loop was late');
    const { p50, p99, max } = delay.read(0);
    delay.stop();
    for (const ms of [p50, p99, max]) expect(ms).toBe(Number(ms.toFixed(2)));
  });
});
