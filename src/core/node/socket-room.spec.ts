import { stranger } from '../../../test/support/core/forged-frames';
import { LoneCore } from '../../../test/support/core/lone-core';
import { LIMITS } from '../base/settings';

/** A node and its link to one peer; how long it may be left alone after a socket took these bytes. */
function linked(): { core: LoneCore; linkId: number; restMs(takenBytes: number): number } {
  const core = new LoneCore();
  const linkId = core.linked(stranger('a'));
  const restMs = (bytes: number): number => {
    const { monoMs, wallMs } = core;
    return core.core.handle({ kind: 'link-flushed', linkId, bytes }, { monoMs, wallMs }, core) - monoMs;
  };
  return { core, linkId, restMs };
}

describe('a socket that took bytes', () => {
  it('asks for no tick when nothing waits for it', () => {
    const { restMs } = linked();
    expect(restMs(100)).toBeGreaterThan(0);
  });

  it('is given at once what waited for room', () => {
    const { core, linkId, restMs } = linked();
    const value = 'v'.repeat(LIMITS.chunkBytes / 2);
    const puts = Math.ceil((2 * LIMITS.linkUnsentBytesMax) / value.length);
    for (let i = 0; i < puts; i += 1) core.put(`k${i}`, value, 'one');
    const sent = core.sent.length;
    expect(restMs(1)).toBeGreaterThan(0);
    expect(restMs(2 * LIMITS.linkUnsentBytesMax)).toBe(0);
    core.handle({ kind: 'link-flushed', linkId, bytes: 1 });
    core.advance(0);
    expect(core.sent.length).toBeGreaterThan(sent);
  });
});
