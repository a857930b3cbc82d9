import type { ChildMessage } from './config/child-messages';
import { LauncherChannel } from './launcher-channel';

const state = (livePeers: number) => ({ kind: 'state', index: 1, state: 'ready', livePeers }) as const;

describe('the channel to the launcher', () => {
  it('keeps of what a stopped launcher does not take only the newest of each kind', () => {
    const sent: ChildMessage[] = [];
    const taken: (() => void)[] = [];
    const channel = new LauncherChannel((message, done) => {
      sent.push(message);
      taken.push(done);
    });
    channel.tell({ kind: 'beat' });
    for (let peers = 0; peers < 1000; peers += 1) channel.tell(state(peers));
    for (let beat = 0; beat < 1000; beat += 1) channel.tell({ kind: 'beat' });
    expect(sent).toEqual([{ kind: 'beat' }]);
    taken[0]();
    expect(sent.slice(1)).toEqual([state(999), { kind: 'beat' }]);
    for (const done of taken.slice(1)) done();
    channel.tell(state(1));
    expect(sent).toHaveLength(4);
  });
});
