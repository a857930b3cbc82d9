import { KnownNetwork } from './known-network';

const idOf = (digit: string): string => digit.repeat(16);

/** A launcher whose nodes 1 and 2 claimed their ports, and knew of two more elsewhere. */
function known(): KnownNetwork {
  const network = new KnownNetwork();
  for (const index of [1, 2])
    network.claimed({ kind: 'claimed', index, name: 'n', nodeId: idOf(String(index)), port: 8080 + index });
  network.heard({ kind: 'others', index: 1, ids: [idOf('2'), idOf('a'), idOf('b')], hosts: 2 }, 1000);
  return network;
}

it('a launcher whose nodes have said nothing yet hands nothing down', () => {
  expect(new KnownNetwork().inherited(0)).toBeNull();
});

it('a child inherits the others that were known, its living neighbours among them', () => {
  const network = known();
  network.ended([1]);
  expect(network.inherited(3500)).toEqual({ others: 3, hosts: 2, agoMs: 2500 });
});

it('it inherits none of the nodes that have ended here: what they held is gone', () => {
  const network = known();
  network.ended([1]);
  network.ended([2]);
  expect(network.inherited(1000)).toEqual({ others: 2, hosts: 2, agoMs: 0 });
});

it('it inherits nothing where all others were here and have ended', () => {
  const network = known();
  network.heard({ kind: 'others', index: 2, ids: [idOf('1')], hosts: 1 }, 2000);
  network.ended([1, 2]);
  expect(network.inherited(2000)).toBeNull();
});

it('the last word counts, whoever said it', () => {
  const network = known();
  network.heard({ kind: 'others', index: 2, ids: [idOf('1'), idOf('c')], hosts: 3 }, 5000);
  network.ended([2]);
  expect(network.inherited(6000)).toEqual({ others: 2, hosts: 3, agoMs: 1000 });
});
