import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { claim } from '../../../test/support/core/forged-frames';
import { TIMING } from '../base/settings';

/** X has gone silent on its link; Y answers, and says of X what it is told to. */
function scene(reached: boolean): {
  core: LoneCore;
  x: ScriptedPeer;
  y: ScriptedPeer;
  live(forMs: number): void;
} {
  const core = new LoneCore();
  const [x, y] = [new ScriptedPeer(core, 'a'), new ScriptedPeer(core, 'b')];
  const live = (forMs: number): void => {
    for (let passed = 0; passed < forMs; passed += 20) {
      core.advance(20);
      for (const { seq } of y.hears('pingRequest')) y.says({ type: 'pingRequestAnswer', seq, reached });
      y.tells({});
    }
  };
  return { core, x, y, live };
}

describe('a link that has gone silent', () => {
  it('is given up and dialled anew when others reach the member, which is not suspected', () => {
    const { core, x, live } = scene(true);
    const reasons = (): string[] => core.closed.map(({ reason }) => reason);
    live(TIMING.linkSilentMs / 2);
    expect(reasons()).toEqual([]);
    live(2 * TIMING.linkSilentMs);
    expect(reasons()).toEqual(['silent']);
    expect(core.notes.filter(({ kind }) => kind === 'member-suspect')).toEqual([]);
    expect(core.notes).toContainEqual(expect.objectContaining({ kind: 'peer-link-lost', id: x.id }));
    expect(core.dialled).toContainEqual({ address: '127.0.0.1', port: x.identity.listenPort });
    expect(
      core.core.members({ monoMs: core.monoMs, wallMs: core.wallMs }).find(({ id }) => id === x.id),
    ).toMatchObject({
      state: 'alive',
      reach: 'indirect',
    });
  });

  it('stays while nobody reaches the member: that is a suspicion, and no matter of the link', () => {
    const { core, live } = scene(false);
    live(TIMING.linkSilentMs);
    expect(core.closed.filter(({ reason }) => reason === 'silent')).toEqual([]);
    expect(core.notes.some(({ kind }) => kind === 'member-suspect')).toBe(true);
  });

  it('is given up when the member refutes each suspicion by way of others, though none of them reached it', () => {
    const { core, x, y, live } = scene(false);
    const suspicions = (): number => core.notes.filter(({ kind }) => kind === 'member-suspect').length;
    const isGivenUp = (): boolean => core.closed.some(({ reason }) => reason === 'silent');
    let refuted = 0;
    for (let looks = 0; looks < 300 && !isGivenUp(); looks += 1) {
      live(100);
      if (suspicions() === refuted) continue;
      refuted += 1;
      y.says({ type: 'view', entries: [claim(x.identity, { incarnation: refuted })] });
    }
    expect(core.closed.map(({ reason }) => reason)).toEqual(['silent']);
    expect(core.notes.filter(({ kind }) => kind === 'member-dead')).toEqual([]);
    expect(core.dialled).toContainEqual({ address: '127.0.0.1', port: x.identity.listenPort });
  });
});
