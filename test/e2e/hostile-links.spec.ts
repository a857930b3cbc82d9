// Attacks on the peer port of running nodes that hold values: by strangers, and by a peer that
// lies. Whatever is tried, all nodes keep all values, find each other again, dial nobody that
// policy forbids, and grow no larger.
// On gossip alone: what peers send over links.
import { Socket } from 'node:net';
import fc from 'fast-check';
import { LIMITS } from '../../src/core/base/limits';
import { bait, detour, mirror, takeBaitsAway } from '../support/peers/bait';
import { claim, controlFrame, messagesOf, stranger, viewFrame } from '../support/core/forged-frames';
import { exchange, statusOf } from '../support/http/byte-connection';
import { heldBytes } from '../support/processes/retained-memory';
import { portOf, Victims } from '../support/processes/victims';
import { helloOf, ForgingCaller } from '../support/peers/forging-caller';
import { until } from '../support/basics/until';

const SECRET = 'only the nodes know it';
const peers: ForgingCaller[] = [];
let victims: Victims;

async function connected(port = victims.port): Promise<ForgingCaller> {
  const peer = await ForgingCaller.connect(port);
  peers.push(peer);
  return peer;
}

async function linked(
  ...[identity, port = victims.port]: [ReturnType<typeof stranger>, number?]
): Promise<ForgingCaller> {
  const secret = victims.first.settings.clusterSecret;
  const peer = await ForgingCaller.linked(port, { ...identity, cluster: 'test' }, secret);
  peers.push(peer);
  return peer;
}

/** What one of the nodes would say of itself. */
/** A frame that happens to make sense. */
function isReadable(bytes: Uint8Array): boolean {
  try {
    messagesOf(bytes, 'a'.repeat(16));
    return true;
  } catch {
    return false;
  }
}

function identityOf(index: number): ReturnType<typeof stranger> {
  const node = victims.nodes[index];
  const listenPort = portOf(node);
  return stranger('0', { id: node.id, name: 'impostor', listenPort, advertisedPort: listenPort });
}

/** Each node lists exactly the other two, alive. */
async function expectReunited(): Promise<void> {
  const ids = victims.nodes.map(({ id }) => id).sort();
  await until(
    () =>
      victims.nodes.every((node) => {
        const seen = node.runtime.peers().filter(({ state }) => state === 'alive');
        return [node.id, ...seen.map(({ id }) => id)].sort().join() === ids.join();
      }),
    'the three nodes see each other and nobody else',
    30_000,
  );
}

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.end();
  await takeBaitsAway();
});

describe('strangers who do not know the secret', () => {
  beforeAll(async () => {
    victims = await Victims.start(3, { clusterSecret: SECRET });
  });
  afterAll(() => victims.stop());
  afterEach(async () => {
    await expectReunited();
    await victims.expectUnharmed();
  });

  it('are closed on after junk, text, too much, half a greeting or another one’s', async () => {
    const hello = helloOf(stranger('a'));
    const openings: (Uint8Array | string)[] = [
      ...fc.sample(fc.uint8Array({ maxLength: 600 }), 30),
      ...[0, 1, 5, hello.length >> 1, hello.length - 1].map((length) => hello.subarray(0, length)),
      Buffer.alloc(LIMITS.frameBytesMax + 1000),
      'GET / HTTP/1.1\r\n\r\n',
      helloOf({ ...identityOf(0), cluster: 'test' }),
    ];
    for (const opening of openings) {
      const peer = await connected();
      peer.send(opening);
      await peer.whenClosed();
    }
  });

  it('gain nothing by sending back what the node says', async () => {
    const peer = await connected();
    peer.send(helloOf(stranger('a')));
    peer.send(await peer.next(0));
    await peer.whenClosed();
    expect(victims.first.runtime.peers()).toHaveLength(2);
  });

  it('gain nothing by a greeting recorded from a peer, nor by its frames', async () => {
    const recorded: Buffer[] = [];
    const tap = await detour(victims.port, (bytes) => recorded.push(bytes));
    const genuine = await linked(stranger('b'), tap.port);
    genuine.frame(controlFrame({ type: 'leavesRequest' }));
    await genuine.next(3);
    genuine.end();
    await until(() => victims.first.runtime.links.counters().links === 2, 'the genuine peer is gone');
    const before = victims.first.runtime.links.counters();
    await exchange(victims.port, Buffer.concat(recorded), 300);
    expect(victims.first.runtime.links.counters()).toMatchObject({
      links: 2,
      failedProof: before.failedProof + 1,
    });
  });

  it.each([
    ['a way back to itself', () => detour(victims.port)],
    ['a mirror of its own words', mirror],
  ])('cannot make a node link to %s', async (_what, start) => {
    const { port, calls } = await start();
    victims.first.runtime.links.dial({ address: '127.0.0.1', port });
    await until(() => calls.begun > 0 && calls.begun === calls.ended, 'the dial has ended');
    expect(victims.first.runtime.links.counters().links).toBe(2);
  });

  it('from a web page are refused', async () => {
    const head = ['GET /gossip HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket'];
    const rest = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    const request = [...head, ...rest, 'Origin: https://example.org', '\r\n'].join('\r\n');
    expect(statusOf(await exchange(victims.port, request))).toBe(403);
  });

  it('by the hundred take no memory with them', async () => {
    await flood(50);
    const before = heldBytes();
    for (let round = 0; round < 10; round += 1) await flood(100);
    expect(heldBytes() - before).toBeLessThan(4 * 1024 * 1024);
  });
});

async function flood(count: number): Promise<void> {
  const crowd = await Promise.all(Array.from({ length: count }, () => ForgingCaller.connect(victims.port)));
  for (const [at, peer] of crowd.entries())
    peer.send(at % 2 === 0 ? Buffer.alloc(5000, at) : helloOf(stranger('a')));
  for (const peer of crowd) peer.end();
  await Promise.all(crowd.map((peer) => peer.whenClosed()));
}

describe('a peer that lies about places', () => {
  beforeAll(async () => {
    victims = await Victims.start(3, { clusterSecret: SECRET });
  });
  afterAll(() => victims.stop());

  it('makes no node connect to loopback of another host or to a metadata service', async () => {
    const trap = await bait((socket) => socket.destroy());
    const { links } = victims.first.runtime;
    const [dials, connects] = [jest.spyOn(links, 'dial'), jest.spyOn(Socket.prototype, 'connect')];
    const dialled = (address: string): number =>
      dials.mock.calls.filter(([endpoint]) => endpoint.address === address).length;
    const far = { listenPort: trap.port, advertisedPort: trap.port };
    const lies = [...LOOPBACK, ...METADATA].map((address, at) =>
      claim(stranger((at + 1).toString(16), { ...far, hostId: `far ${at}`, addresses: [address] }), {
        address,
      }),
    );
    const liar = await linked(stranger('f', { hostId: victims.first.settings.hostId }));
    liar.frame(viewFrame(...lies));
    await until(() => METADATA.every((address) => dialled(address) > 1), 'the node tried, and tried again');
    const hosts = connects.mock.calls.flat(2).map((each) => (each as { host?: string } | null)?.host ?? '');
    expect(hosts.filter((host) => METADATA.includes(host))).toEqual([]);
    expect(LOOPBACK.filter((address) => dialled(address) > 0)).toEqual([]);
    expect(trap.calls.begun).toBe(0);
    await victims.expectUnharmed();
  });
});

describe.each([
  ['with the secret', SECRET],
  ['where there is none', null],
])('a peer %s that lies', (_how, clusterSecret) => {
  beforeAll(async () => {
    victims = await Victims.start(3, { clusterSecret });
  });
  afterAll(() => victims.stop());

  it('may send frames of any kind: its link is closed, nothing else', async () => {
    const frames = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 400 }), { numRuns: 25, seed: 7 });
    for (const bytes of frames.filter((each) => !isReadable(each))) {
      const peer = await linked(stranger('a'));
      peer.frame(bytes);
      await peer.whenClosed();
    }
    await victims.expectUnharmed();
  });

  it('that others have left or died separates nobody for long', async () => {
    const hostId = victims.first.settings.hostId;
    const liar = await linked(stranger('a', { hostId }));
    for (const state of ['left', 'dead', 'suspect'] as const)
      for (const incarnation of [0, 1000])
        liar.frame(
          viewFrame(...[0, 1, 2].map((at) => claim({ ...identityOf(at), hostId }, { state, incarnation }))),
        );
    await until(
      () => victims.nodes.every(({ runtime }) => runtime.report().incarnation > 0),
      'all have heard it',
    );
    liar.end();
    await expectReunited();
    await victims.expectUnharmed();
  });

  it('that it is another node, or sits on its port, displaces it only until that one returns', async () => {
    const other = identityOf(1);
    for (const identity of [other, { ...other, id: 'a'.repeat(16) }]) {
      const impostor = await linked(identity);
      await until(
        () => impostor.received.length > 2 || impostor.closed,
        'the impostor is spoken to, or refused',
      );
      impostor.end();
      await expectReunited();
    }
    await victims.expectUnharmed();
  });
});

const LOOPBACK = ['localhost', '::1', '127.0.0.2', '::ffff:127.0.0.1', '0.0.0.0'];
const METADATA = ['169.254.169.254', '::ffff:169.254.169.254', '100.100.100.200', 'fd00:ec2::254'];
