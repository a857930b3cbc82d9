import type { Log } from '../adapters/log';
import type { Input } from '../core/base/inputs';
import type { LogLevel } from '../config/settings';
import { notingLinks } from './link-log';

const endpoint = { address: '192.0.2.1', port: 8081 };
const identity = {
  id: '00000000000000aa',
  name: 'n',
  cluster: 'c',
  hostId: 'h',
  listenPort: 8081,
  advertisedPort: 8081,
  addresses: [],
};
const INPUTS: readonly Input[] = [
  { kind: 'link-up', linkId: 3, direction: 'outbound', identity, endpoint },
  { kind: 'link-down', linkId: 3 },
  { kind: 'dial-failed', endpoint, failure: 'timeout' },
];

function told(logLevel: LogLevel): { readonly lines: unknown[]; readonly delivered: Input[] } {
  const lines: unknown[] = [];
  const delivered: Input[] = [];
  const debug = (event: string, fields?: object): void => void lines.push([event, fields]);
  const deliver = notingLinks(
    { logLevel },
    { debug } as unknown as Log,
    (input) => void delivered.push(input),
  );
  for (const input of INPUTS) deliver(input);
  return { lines, delivered };
}

describe('links in the log', () => {
  it.each(['debug', 'trace'] as const)('have a line each at the level %s', (level) => {
    const peer = {
      link: 3,
      direction: 'outbound',
      endpoint: '192.0.2.1:8081',
      peer_id: identity.id,
      peer_name: 'n',
    };
    const { lines, delivered } = told(level);
    expect(lines).toEqual([
      ['link-opened', peer],
      ['link-closed', peer],
      ['dial-failed', { endpoint: '192.0.2.1:8081', failure: 'timeout' }],
    ]);
    expect(delivered).toEqual(INPUTS);
  });

  it('have none at the level info', () => {
    expect(told('info')).toEqual({ lines: [], delivered: INPUTS });
  });
});
