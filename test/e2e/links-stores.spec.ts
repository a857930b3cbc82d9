// Links of nodes whose values are in servers: those of two stores are no peers. Over real sockets.
// On gossip alone: links.
import { SETTLED_MS } from '../../src/adapters/same-store';
import { until } from '../support/basics/until';
import { link, LinkEnd } from './links-end';

const [ONE, ANOTHER] = ['1', '2'].map((digit) => digit.repeat(16));
const ends: LinkEnd[] = [];

async function end(digit: string, storeId: string | null, secret: string | null = null): Promise<LinkEnd> {
  const host = secret === null ? '127.0.0.1' : `127.0.0.${Number.parseInt(digit, 16)}`;
  const made = await LinkEnd.start(digit, { valuesInServers: true, secret, host });
  if (storeId !== null) made.links.storeRead(storeId, performance.now());
  ends.push(made);
  return made;
}

/** As the store answers when both ends had time to read it. */
function readLater({ links }: LinkEnd, id: string): void {
  links.storeRead(id, performance.now() + SETTLED_MS);
}

async function failureOf(dialer: LinkEnd, listener: LinkEnd): Promise<string> {
  const before = dialer.of('dial-failed').length;
  dialer.links.dial(listener.endpoint);
  await until(() => dialer.of('dial-failed').length > before, 'the dial is answered');
  return dialer.of('dial-failed')[before].failure;
}

const told = ({ logged }: LinkEnd): unknown[] =>
  logged.map(({ event, fields }) => [event, (fields as { reason?: string }).reason]);

const REFUSED = ['peer-refused', 'other-store'];

afterEach(async () => {
  await Promise.all(ends.splice(0).map((each) => each.stop()));
});

describe('nodes with values in servers', () => {
  it.each([null, 'a secret'])(
    'that name two stores are asked to come again, and refused when it stays so (secret: %s)',
    async (secret) => {
      const [a, b] = [await end('a', ONE, secret), await end('b', ANOTHER, secret)];
      expect(await failureOf(a, b)).toBe('failed');
      expect(told(b)).toEqual([]);
      readLater(b, ANOTHER);
      expect([await failureOf(a, b), await failureOf(a, b)]).toEqual(['rejected', 'rejected']);
      expect(told(b)).toEqual([REFUSED]);
      expect([...a.of('link-up'), ...b.of('link-up')]).toEqual([]);
    },
  );

  it('of one store are peers, and so are they while either does not know its store', async () => {
    const [a, b, c] = [await end('a', ONE), await end('b', ONE), await end('c', null)];
    await link(a, b);
    await link(c, a);
    expect([...told(a), ...told(b), ...told(c)]).toEqual([]);
  });

  it('that learn of their stores while they are linked part, where these are two', async () => {
    const [a, b] = [await end('a', null), await end('b', null)];
    await link(a, b);
    a.links.storeRead(ONE, performance.now());
    b.links.storeRead(ANOTHER, performance.now());
    // What a peer said is on its way.
    await until(() => {
      readLater(a, ONE);
      return a.of('link-down').length > 0;
    }, 'the link is closed');
    await b.first('link-down');
    expect(told(a)).toEqual([REFUSED]);
    expect(await failureOf(b, a)).toBe('rejected');
  });

  it('whose store was emptied stay linked: each tells the other the new id', async () => {
    const [a, b] = [await end('a', ONE), await end('b', ONE)];
    const ids = await link(a, b);
    for (const { links } of [a, b]) links.storeRead(ANOTHER, performance.now());
    a.send(ids.out, 'mine');
    b.send(ids.in, 'mine');
    await until(() => a.texts().length + b.texts().length === 2, 'what was said before has come');
    for (const each of [a, b]) readLater(each, ANOTHER);
    a.send(ids.out, 'still there');
    await until(() => b.texts().includes('still there'), 'a frame arrives');
    expect([...a.of('link-down'), ...b.of('link-down'), ...told(a), ...told(b)]).toEqual([]);
  });

  it('do not part while one of them cannot read its store', async () => {
    const [a, b] = [await end('a', ONE), await end('b', ONE)];
    const { out } = await link(a, b);
    a.links.storeRead(null, performance.now());
    a.send(out, 'told');
    await until(() => b.texts().includes('told'), 'what was sent before has come');
    b.links.storeRead(ANOTHER, performance.now());
    readLater(b, ANOTHER);
    a.links.dial(b.endpoint);
    await until(() => b.of('link-up').length > 1, 'a second link is let in');
    expect([...a.of('dial-failed'), ...b.of('link-down')]).toEqual([]);
  });
});
