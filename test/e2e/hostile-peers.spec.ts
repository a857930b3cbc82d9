// What greeted peers can make running nodes hold and do over real sockets, by reading nothing, by saying half of something and
// by saying very much. What it costs is bounded, and the honest are served meanwhile.
import { stranger } from '../support/raw-frames';
import { RawCaller } from '../support/raw-caller';
import { heldBytes } from '../support/raw-memory';
import { Victims } from '../support/raw-node';
import { until } from '../support/until';

const MIB = 1024 * 1024;
const VALUE_BYTES = 9 * MIB;
const PEERS = 24;
const callers: RawCaller[] = [];
let victims: Victims;

async function crowd(count = PEERS): Promise<RawCaller[]> {
  const { hostId } = victims.first.settings;
  const identities = Array.from({ length: count }, (_, at) =>
    stranger((at + 16).toString(16), { hostId, cluster: 'test' }),
  );
  const linked = identities.map((identity) => RawCaller.linked(victims.port, identity, null));
  callers.push(...(await Promise.all(linked)));
  return callers.slice(-count);
}

function put(key: string, at = 0): Promise<Response> {
  return fetch(victims.url(`/data/${key}`), { method: 'PUT', body: Buffer.alloc(VALUE_BYTES, at + 1) });
}

beforeAll(async () => {
  victims = await Victims.start(3, { clusterSecret: null, queueBytesMax: 10 * MIB });
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
      expect([201, 202]).toContain((await put('heavy', at)).status);
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
