import { createLog, type LogOptions } from './log';

function linesOf(options: Omit<LogOptions, 'destination'>, use: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = [];
  use(createLog({ ...options, destination: { write: (line) => void lines.push(line) } }));
  return lines;
}

describe('a log', () => {
  it('writes one JSON line per event, within the call', () => {
    const [line] = linesOf({ level: 'info', format: 'json', node: 'flux-node-1' }, (log) => {
      log.info('port-claimed', { port: 18081 });
    });
    expect(line.endsWith('}\n')).toBe(true);
    const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
    expect(rest).toEqual({ level: 'info', event: 'port-claimed', node: 'flux-node-1', port: 18081 });
    expect(new Date(String(time)).toISOString()).toBe(time);
  });

  it('leaves out what is below its level', () => {
    const lines = linesOf({ level: 'warn', format: 'json', node: null }, (log) => {
      log.debug('a');
      log.info('b');
      log.warn('c');
      log.error('d');
    });
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['c', 'd']);
  });

  it('writes one compact coloured line per event for people', () => {
    const [line, unnamed] = linesOf({ level: 'info', format: 'pretty', node: 'flux-node-1' }, (log) => {
      log.info('port-claimed', { port: 18081 });
      log.warn('quorum-missed', { acks: 1, needed: 2 });
    });
    expect(line).toContain('\u001b[');
    expect(line.replace(/\u001b\[\d+m/g, '')).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: flux-node-1 port-claimed \{"port":18081\}\n$/,
    );
    expect(unnamed.split('\n')).toHaveLength(2);
  });

  it.each(['json', 'pretty'] as const)('lets no word of a stranger command a terminal (%s)', (format) => {
    const address = 'a\u009B31m\u202E\u001B[2J';
    const [line] = linesOf({ level: 'info', format, node: 'flux-node-1' }, (log) => {
      log.info('peer-joined', { address });
    });
    expect(line).toContain('"address":"a\\u009b31m\\u202e\\u001b[2J"');
  });
});
