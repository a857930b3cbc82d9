// What greeted peers can make running nodes hold and do over real sockets, by reading nothing, by
// saying half of something and by saying very much. What it costs is bounded, and the honest are
// served meanwhile.
// On gossip alone: what peers send over links.
import { LIMITS } from '../../src/core/base/limits';
import { writeChunk } from '../../src/core/wire/codec';
import { frameOf, stranger } from '../support/core/forged-frames';
import { ForgingCaller } from '../support/peers/forging-caller';
import { heldBytes } from '../support/processes/retained-memory';
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

const MIB = 1024 * 1024;
const VALUE_BYTES = 9 * MIB;
const PEERS = 24;
const callers: ForgingCaller[] = [];
let victims: Victims;

async function crowd(count = PEERS): Promise<ForgingCaller[]> {
  const { hostId } = victims.first.settings;
  const identities = Array.from({ length: count }, (_, at) =>
    stranger((at + 16).toString(16), { hostId, cluster: 'test' }),
  );
  const linked = identities.map((identity) => ForgingCaller.linked(victims.port, identity, null));
  callers.push(...(await Promise.all(linked)));
  return callers.slice(-count);
}

function put(key: string, at = 0): Promise<Response> {
  return fetch(victims.url(`/data/${key}`), { method: 'PUT', body: Buffer.alloc(VALUE_BYTES, at + 1) });
}

beforeAll(async () => {
  const held = { queueBytesMax: 10 * MIB, assemblyBytesMax: 20 * MIB };
  victims = await Victims.start(3, { clusterSecret: null, ...held });
});
afterAll(() => victims.stop());
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.end();
  await until(() => victims.first.runtime.links.counters().links === 2, 'the peers are gone');
  await victims.expectUnharmed();
});

describe('peers that read nothing', () => {
  it('cost a node one copy of a large value together, and others get it all the same', async () => {
    const before = heldBytes();
    for (const caller of await crowd()) caller.socket.pause();
    for (let at = 0; at < 4; at += 1) {
      // A node whose queues have no room left yet says "busy" first.
      await until(async () => [201, 202].includes((await put('heavy', at)).status), 'it is written');
      expect(heldBytes() - before).toBeLessThan((PEERS / 2) * VALUE_BYTES);
      expect(victims.first.runtime.report().replication.queuedBytes).toBeLessThanOrEqual(20 * MIB);
    }
    for (const node of victims.nodes)
      await until(async () => {
        const answer = await fetch(victims.url('/data/heavy', node));
        return Buffer.from(await answer.arrayBuffer())[0] === 4;
      }, 'every node has the last one');
  });
});

describe('peers that send half of a large value', () => {
  const chunk = (offset: number): Uint8Array =>
    frameOf((writer) => {
      const bytes = Buffer.alloc(LIMITS.chunkBytes);
      writeChunk(writer, { transfer: 1, total: VALUE_BYTES, offset, bytes });
    });
  const half = Array.from({ length: 100 }, (_, at) => chunk(at * LIMITS.chunkBytes));

  it('cost a node no more than may be half there, and others send theirs all the same', async () => {
    const peers = await crowd();
    const before = heldBytes();
    const { runtime } = victims.first;
    const received = runtime.counters().links.receivedBytes;
    for (const peer of peers) for (const frame of half) peer.frame(frame);
    const sent = PEERS * half.length * half[0].length;
    await until(
      () => runtime.counters().links.receivedBytes - received >= sent,
      'all of it has come',
      30_000,
    );
    expect(heldBytes() - before).toBeLessThan(60 * MIB);
    const url = victims.url('/data/honest', victims.nodes[1]);
    const answer = await fetch(url, { method: 'PUT', body: Buffer.alloc(VALUE_BYTES, 7) });
    expect([201, 202]).toContain(answer.status);
    await until(
      () => runtime.peek(Buffer.from('honest'))?.value[0] === 7,
      'the honest value has come',
      30_000,
    );
    expect(peers.filter(({ closed }) => closed)).toEqual([]);
  });
});
