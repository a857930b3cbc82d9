// The fuzzers' frames and greetings over real sockets, to real nodes. Fewer of them than cores take
// (fuzz.spec.ts): what is tried here is the way in.
import { Prng } from '../simulation/world/prng';
import { helloOf, ForgingCaller } from '../support/peers/forging-caller';
import { stranger } from '../support/core/forged-frames';
import { portOf, Victims } from '../support/processes/victims';
import { HostilePeer } from './hostile-peer';
import type { Knowledge } from './messages';
import { Values } from './values';

const PEERS = 4;
const ROUNDS = 40;
const SEED = 20_260_101;

let victims: Victims;
const callers: ForgingCaller[] = [];
beforeAll(async () => {
  victims = await Victims.start(2);
});
afterAll(() => victims.stop());
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.end();
  await victims.expectUnharmed();
});

function hostile(index: number, prng: Prng): HostilePeer {
  const identity = stranger(String(index + 1), { id: prng.id() });
  const nodes = victims.nodes.map(({ id }) => id);
  const known: Knowledge = {
    ids: [identity.id, ...nodes, '0'.repeat(16)],
    hostIds: ['host-a', 'host-b'],
    addresses: ['', '127.0.0.1'],
    ports: victims.nodes.map(portOf),
    keys: ['a', 'b'],
    rootOf: () => ({ a: 0, b: 0 }),
    leaves: () => new Int32Array(8192),
    nowMs: () => performance.now(),
    lies: false,
    tellsTimes: false,
    heard: { pings: [], sessions: [], requests: [], writes: [] },
  };
  return new HostilePeer(identity, new Values(prng.fork(), Date.now), known, false);
}

it(`peers that say anything over sockets harm no node (seed ${SEED})`, async () => {
  const prng = new Prng(SEED);
  const peers = Array.from({ length: PEERS }, (_, index) => hostile(index, prng));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, peer] of peers.entries()) {
      let caller = callers.at(index);
      if (caller === undefined || caller.closed) {
        caller = await ForgingCaller.linked(victims.port, peer.identity, null);
        callers[index] = caller;
      }
      for (let frames = prng.below(5); frames >= 0; frames -= 1) caller.frame(peer.makeFrame());
    }
    if (round % 10 === 9) await victims.expectUnharmed();
  }
});

it(`greetings that are cut, spoilt, forged or of another kind are closed on, and the next one is heard (seed ${SEED})`, async () => {
  const prng = new Prng(SEED);
  const hello = helloOf(stranger('a', { cluster: 'test' }));
  const forger = hostile(0, prng);
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const isForged = attempt % 3 === 0;
    const bytes = isForged
      ? forger.makeHello()
      : Uint8Array.from(prng.chance(0.3) ? hello.subarray(0, prng.below(hello.length)) : hello);
    for (let flips = isForged ? -1 : prng.below(6); flips >= 0 && bytes.length > 0; flips -= 1) {
      bytes[prng.below(Math.min(bytes.length, 120))] = prng.pick([0, 1, 127, 128, 255, prng.below(256)]);
    }
    const caller = await ForgingCaller.connect(victims.port);
    callers.push(caller);
    caller.send(bytes);
    // One that still makes sense is welcomed, and says something else instead of the last word.
    caller.send(bytes);
    await caller.whenClosed();
  }
});
