// The launcher's pure parts: delays, silence, formation and texts.
import { Formation } from './formation';
import { formationText, urlHost } from './formation-text';
import { createLauncherLog } from './launcher-log';
import { RunQueueWaits } from './run-queue';
import { SilenceWatch } from './silence-watch';
import { LAUNCHER_TIMING, restartDelayMs, watchIntervalMs } from './timing';

describe('restartDelayMs', () => {
  it.each([
    [1, 100],
    [2, 200],
    [3, 400],
    [9, 25_600],
    [10, 30_000],
    [5000, 30_000],
  ])('after death %i is %i ms', (deaths, delayMs) => {
    expect(restartDelayMs(deaths, LAUNCHER_TIMING)).toBe(delayMs);
  });
});

describe('watchIntervalMs', () => {
  it.each([
    [1000, 250],
    [30_000, 1000],
  ])('for %i ms of silence is %i ms', (hungAfterMs, intervalMs) => {
    expect(watchIntervalMs(hungAfterMs)).toBe(intervalMs);
  });
});

describe('SilenceWatch', () => {
  const fed = { look: () => 0, forget: () => undefined };

  function hungAt(watch: SilenceWatch, nowMs: number, hungAfterMs: number, startGraceMs: number): boolean {
    watch.look(nowMs);
    return watch.exceeds(hungAfterMs, startGraceMs);
  }

  it('finds a child hung after the silence allowed', () => {
    const watch = new SilenceWatch(0, 1000, fed);
    watch.heard();
    expect([1000, 2000, 3000].map((nowMs) => hungAt(watch, nowMs, 3000, 30_000))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('starts over with each sign of life', () => {
    const watch = new SilenceWatch(0, 1000, fed);
    watch.heard();
    watch.look(1000);
    watch.heard();
    expect(hungAt(watch, 2000, 2000, 0)).toBe(false);
  });

  it('tells a child that stood still from one that missed a beat', () => {
    const watch = new SilenceWatch(0, 1000, fed);
    watch.heard();
    watch.look(1000);
    expect(watch.isLong).toBe(false);
    watch.look(2000);
    expect(watch.isLong).toBe(true);
    watch.heard();
    expect(watch.isLong).toBe(false);
  });

  it('grants a child that has said nothing yet its time to start', () => {
    const watch = new SilenceWatch(0, 1000, fed);
    expect([1000, 2000, 3000].map((nowMs) => hungAt(watch, nowMs, 1000, 3000))).toEqual([false, false, true]);
  });

  it('counts an hour in which nobody looked as one interval', () => {
    const watch = new SilenceWatch(0, 1000, fed);
    watch.heard();
    expect(hungAt(watch, 3_600_000, 3000, 0)).toBe(false);
  });

  it('does not count what the child waited for a processor', () => {
    const watch = new SilenceWatch(0, 1000, { look: () => 900, forget: () => undefined });
    const looks = Array.from({ length: 40 }, (_, second) => hungAt(watch, (second + 1) * 1000, 3000, 3000));
    expect(looks.indexOf(true)).toBe(20);
  });
});

describe('RunQueueWaits', () => {
  it('tells what the thread that waited most has waited since the last look', () => {
    let waits = new Map([
      ['1', 100],
      ['2', 5000],
    ]);
    const starvation = new RunQueueWaits(1, () => waits);
    expect(starvation.look()).toBe(0);
    waits = new Map([
      ['1', 900],
      ['2', 5000],
      ['3', 70_000],
    ]);
    expect(starvation.look()).toBe(800);
    expect(starvation.look()).toBe(0);
  });

  it('tells nothing where the system does not', () => {
    const starvation = new RunQueueWaits(1, () => {
      throw new Error('no such file');
    });
    expect([starvation.look(), starvation.look()]).toEqual([0, 0]);
  });
});

describe('Formation', () => {
  const claim = (index: number, port: number) => {
    return { kind: 'claimed', index, name: `n${index}`, nodeId: '00', port } as const;
  };
  const ready = (index: number, livePeers: number) =>
    ({ kind: 'state', index, state: 'ready', livePeers }) as const;

  it('is complete when every node claimed, is ready and sees the others, in whatever order that was said', () => {
    const formation = new Formation(2);
    formation.changed(ready(2, 1), 22);
    formation.claimed(claim(1, 81), 11);
    formation.changed(ready(1, 1), 11);
    expect(formation.formed()).toBeNull();
    formation.claimed(claim(2, 82), 22);
    expect(formation.formed()).toEqual([
      { index: 1, name: 'n1', port: 81, state: 'ready', livePeers: 1, pid: 11 },
      { index: 2, name: 'n2', port: 82, state: 'ready', livePeers: 1, pid: 22 },
    ]);
  });

  it('is not complete while one sees too few or is lost', () => {
    const formation = new Formation(2);
    for (const index of [1, 2]) formation.claimed(claim(index, 80 + index), index);
    formation.changed(ready(1, 1), 1);
    formation.changed(ready(2, 0), 2);
    expect(formation.formed()).toBeNull();
    formation.changed(ready(2, 1), 2);
    formation.lost([1]);
    expect(formation.formed()).toBeNull();
  });
});

describe('formationText', () => {
  const node = (index: number, name: string) => {
    return { index, name, port: 8080 + index, state: 'ready', livePeers: 1, pid: 4711 } as const;
  };

  it('lines up the columns and uses the real ports', () => {
    const nodes = [node(1, 'a'), node(2, 'longer-name')];
    expect(formationText({ durationMs: 940, nodes }, { colors: false, bindAddress: '' })).toBe(
      [
        '',
        '  REPRAM: 2 nodes formed one network in 0.9 s',
        '',
        '  node         port  url                    state  peers  pid',
        '  a            8081  http://localhost:8081  ready  1      4711',
        '  longer-name  8082  http://localhost:8082  ready  1      4711',
        '',
        '  Things to try',
        '  curl -X PUT -d "test" "localhost:8081/data/test?ttl=600"  keep a value for ten minutes',
        '  curl localhost:8082/data/test                             read it from another node',
        '  curl localhost:8081/peers                                 who else is there',
        '  http://localhost:8081/                                    Fade, the message board, in a browser',
        '  Ctrl-C                                                    stop; what only these nodes hold is gone then',
        '',
        '',
      ].join('\n'),
    );
  });

  it('reads from the same node when there is only one', () => {
    const text = formationText(
      { durationMs: 500, nodes: [node(1, 'a')] },
      { colors: false, bindAddress: '10.0.0.1' },
    );
    expect(text).toContain('1 node is up in 0.5 s');
    expect(text).toContain('curl 10.0.0.1:8081/data/test ');
  });

  it.each([
    ['', 'localhost'],
    ['0.0.0.0', 'localhost'],
    ['::', 'localhost'],
    ['192.0.2.1', '192.0.2.1'],
    ['fd00::1', '[fd00::1]'],
  ])('reaches a node bound to %j at %s', (bound, host) => {
    expect(urlHost(bound)).toBe(host);
  });
});

describe('the log', () => {
  function lines(format: 'json' | 'pretty', level: 'info' | 'warn' | 'silent'): string[] {
    const written: string[] = [];
    const log = createLauncherLog({ level, format, colors: false, write: (line) => written.push(line) });
    log.info('node-started', { indexes: [1] });
    log.warn('node-hung');
    return written;
  }

  it('writes one JSON object per line', () => {
    const [line] = lines('json', 'info');
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.any(String),
      event: 'node-started',
      indexes: [1],
    });
  });

  it('writes a readable line on a terminal', () => {
    expect(lines('pretty', 'info')[0]).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: launcher node-started \{"indexes":\[1\]\}\n$/,
    );
  });

  it.each(['json', 'pretty'] as const)('lets no word of a stranger command a terminal (%s)', (format) => {
    const written: string[] = [];
    const write = (line: string): void => void written.push(line);
    createLauncherLog({ level: 'info', format, colors: true, write }).info('e', { found: '\u009B31m\u202E' });
    expect(written[0]).toContain('"found":"\\u009b31m\\u202e"');
  });

  it('leaves out what is below its level', () => {
    expect(lines('json', 'warn')).toHaveLength(1);
    expect(lines('json', 'silent')).toEqual([]);
  });
});
