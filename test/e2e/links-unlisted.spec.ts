// Who is refused because no source names his address, and what a node makes of it when he names its
// cluster.
// On gossip alone: links.
import { once } from 'node:events';
import type { IncomingMessage, IncomingHttpHeaders } from 'node:http';
import { PassThrough } from 'node:stream';
import { LinkEnd, link, type EndOptions } from './links-end';

/** Of the documentation (RFC 5737): no caller on this machine has it, so the request is made up. */
const CALLER = { remoteAddress: '::ffff:203.0.113.7', remotePort: 5 };

describe('a caller at an address that nobody named', () => {
  const ends: LinkEnd[] = [];
  let strangers: number;

  afterEach(async () => {
    await Promise.all(ends.splice(0).map((each) => each.stop()));
  });

  async function listener(options: EndOptions = {}): Promise<LinkEnd> {
    const end = await LinkEnd.start('b', options);
    ends.push(end);
    strangers = 0;
    end.links.onStranger = () => (strangers += 1);
    return end;
  }

  /** The first line of what the caller is answered. */
  async function knock(end: LinkEnd, headers: IncomingHttpHeaders): Promise<string> {
    const socket = new PassThrough();
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    const request = { url: '/gossip', headers, socket: CALLER } as unknown as IncomingMessage;
    end.links.handleUpgrade(request, socket, Buffer.alloc(0));
    await once(socket, 'close');
    return Buffer.concat(chunks).toString().split('\r\n')[0];
  }

  it('is refused and told of each time when he names our cluster', async () => {
    const end = await listener();
    for (let count = 1; count <= 2; count += 1) {
      expect(await knock(end, { 'x-repram-cluster': 'repram' })).toBe('HTTP/1.1 403 Forbidden');
      expect(strangers).toBe(count);
    }
    expect(end.inputs).toEqual([]);
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['names another cluster', { 'x-repram-cluster': 'another' }],
    ['names none', {}],
    ['comes from a web page', { 'x-repram-cluster': 'repram', origin: 'https://example.org' }],
  ])('is refused and not told of when he %s', async (_title, headers) => {
    const end = await listener();
    expect(await knock(end, headers)).toBe('HTTP/1.1 403 Forbidden');
    expect(strangers).toBe(0);
  });

  it('is what a node that dials would be: it names its cluster', async () => {
    const end = await listener();
    const upgrades = jest.spyOn(end.links, 'handleUpgrade');
    const dialer = await LinkEnd.start('a');
    ends.push(dialer);
    await link(dialer, end);
    const named = upgrades.mock.calls.map(([request]) => request.headers['x-repram-cluster']);
    expect(named).toEqual(['repram']);
  });
});
