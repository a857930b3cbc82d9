// Frames that take long, over real sockets: the event loop goes on between them, no link keeps the
// others waiting, and each link's own stay in order to its end. What a frame takes is told by a
// clock of the test.
// On gossip alone: links.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LinkId } from '../../src/core/base/inputs';
import { until } from '../support/basics/until';
import { type EndOptions, greetAs, link, LinkEnd } from './links-end';

const FRAME_MS = 4;
/** Frames that fit into a turn of 10 ms; the last one begins within it. */
const FRAMES_OF_TURN = 3;
const ends: LinkEnd[] = [];

async function end(digit: string, options: EndOptions = {}): Promise<LinkEnd> {
  const started = await LinkEnd.start(digit, options);
  ends.push(started);
  return started;
}

/** An end whose clock says that each frame takes long. */
function slowEnd(digit: string, options: EndOptions = {}): Promise<LinkEnd> {
  let ms = 0;
  const onInput: EndOptions['onInput'] = (input) => {
    if (input.kind === 'frame') ms += FRAME_MS;
    options.onInput?.(input);
  };
  return end(digit, { ...options, nowMs: () => ms, onInput });
}

function flood(from: LinkEnd, over: LinkId, count: number): string[] {
  const texts = Array.from({ length: count }, (_, at) => `${from.identity.name} ${at}`);
  for (const text of texts) from.send(over, text);
  return texts;
}

afterEach(async () => {
  for (const each of ends.splice(0)) await each.stop();
});

describe('frames that take long', () => {
  it('leave room for everything else between them, and stay in order', async () => {
    const [a, b] = [await end('a'), await slowEnd('b')];
    const ids = await link(a, b);
    const texts = flood(a, ids.out, 100);
    let most = 0;
    for (let seen = 0; seen < texts.length;) {
      await nextTurn();
      const now = b.of('frame').length;
      most = Math.max(most, now - seen);
      seen = now;
    }
    expect(most).toBeLessThanOrEqual(2 * FRAMES_OF_TURN);
    expect(b.texts()).toEqual(texts);
  });

  it('of one link do not keep those of another waiting', async () => {
    const [loud, quiet, b] = [await end('a'), await end('c'), await slowEnd('b')];
    const ids = await link(loud, b);
    quiet.links.dial(b.endpoint);
    const { linkId } = await quiet.first('link-up');
    await until(() => b.of('link-up').length >= 2, 'both are linked');
    const [many, few] = [flood(loud, ids.out, 500), flood(quiet, linkId, 10)];
    await until(() => b.of('frame').length >= 510, 'all have come');
    const order = b.texts();
    expect(order.lastIndexOf(few[9])).toBeLessThan(order.lastIndexOf(many[250]));
    expect(order.filter((text) => text.startsWith('node-c'))).toEqual(few);
    expect(order.filter((text) => text.startsWith('node-a'))).toEqual(many);
  });

  it('are all delivered before the end of their link, which is told once', async () => {
    const [a, b] = [await end('a'), await slowEnd('b')];
    const ids = await link(a, b);
    const texts = flood(a, ids.out, 200);
    a.links.close(ids.out, 'leaving');
    await Promise.all([a.first('link-down'), b.first('link-down')]);
    expect(b.texts()).toEqual(texts);
    expect(b.inputs.at(-1)).toEqual({ kind: 'link-down', linkId: ids.in });
    expect(b.of('link-down')).toHaveLength(1);
    expect(b.links.counters().links).toBe(0);
  });

  it('are delivered up to what is no frame, and the link ends once', async () => {
    const b = await slowEnd('b');
    const { socket } = await greetAs('a', b);
    for (let at = 0; at < 50; at += 1) socket.send(Buffer.from(`${at}`));
    socket.send('text');
    socket.send(Buffer.from('too late'));
    await b.first('link-down');
    expect(b.texts()).toEqual(Array.from({ length: 50 }, (_, at) => `${at}`));
    expect(b.links.counters()).toMatchObject({ links: 0, invalidFrames: 1 });
  });

  it('are dropped when the link is closed for one of them', async () => {
    const [a, b] = [
      await end('a'),
      await slowEnd('b', {
        onInput: (input) => {
          if (input.kind === 'frame') b.links.close(input.linkId, 'protocol-error');
        },
      }),
    ];
    const ids = await link(a, b);
    flood(a, ids.out, 50);
    await b.first('link-down');
    expect(b.texts()).toHaveLength(1);
    expect(b.of('link-down')).toHaveLength(1);
  });

  it('outlive a peer that vanishes while they wait', async () => {
    const b = await slowEnd('b');
    const { socket } = await greetAs('a', b);
    for (let at = 0; at < 50; at += 1) socket.send(Buffer.from(`${at}`));
    await until(() => b.of('frame').length > 0, 'the first is taken');
    socket.terminate();
    await b.first('link-down');
    expect(b.of('link-down')).toHaveLength(1);
    expect(b.inputs.at(-1)?.kind).toBe('link-down');
  });
});
