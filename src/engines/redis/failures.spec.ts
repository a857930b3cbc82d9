import { remedyFor, StoreFailure } from './failures';

const refused = (message: string): StoreFailure => new StoreFailure('answered', message);

describe('what to do about a command that was not done', () => {
  it.each([
    ['MOVED 3999 10.0.0.1:7001', { kind: 'moved', endpoint: '10.0.0.1:7001' }],
    ['ASK 3999 10.0.0.1:7001', { kind: 'ask', endpoint: '10.0.0.1:7001' }],
    ['NOSCRIPT No matching script.', { kind: 'load-script' }],
    ["OOM command not allowed when used memory > 'maxmemory'.", { kind: 'full' }],
    ["READONLY You can't write against a read only replica.", { kind: 'later', isElsewhere: true }],
    ['TRYAGAIN Multiple keys request during rehashing of slot', { kind: 'later', isElsewhere: false }],
    [
      'ERR Script attempted to access a non local key in a cluster node',
      { kind: 'later', isElsewhere: false },
    ],
    ['WRONGTYPE Operation against a key', { kind: 'none' }],
  ])('knows it for %s', (message, remedy) => {
    expect(remedyFor(refused(message))).toEqual(remedy);
  });

  it('sends again what was never sent, and never what may have been done', () => {
    expect(remedyFor(new StoreFailure('unsent', 'ECONNREFUSED'))).toMatchObject({ kind: 'later' });
    expect(remedyFor(new StoreFailure('lost', 'Connection is closed.'))).toEqual({ kind: 'in-doubt' });
  });
});
