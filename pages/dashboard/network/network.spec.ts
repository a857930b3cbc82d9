import { lookOf } from '../looks';
import { READINGS_MAX } from './history';
import { Network } from './network';
import { TRANSITIONS_MAX } from './transitions';

const B = { id: 'b', port: 8082 };
const C = { id: 'c', name: 'node-3', port: 8083 };

function watching(...looks: ReturnType<typeof lookOf>[]): Network {
  const network = new Network();
  looks.forEach((look, index) => network.look(look, index * 1000, index * 1000));
  return network;
}

const told = (network: Network): string[] =>
  network.transitions
    .all()
    .map(({ name, to, reason }) => `${name} ${to}${reason === null ? '' : ` (${reason})`}`);

it('tells nothing of what the first look shows', () => {
  expect(told(watching(lookOf([B, { ...C, state: 'dead' }])))).toEqual([]);
});

it('tells a death, and a return under a new id at the same place', () => {
  const network = watching(lookOf([B]), lookOf([{ ...B, state: 'dead' }]), lookOf([{ ...B, id: 'b2' }]));
  expect(told(network)).toEqual(['node-2 returned', 'node-2 dead']);
  expect(network.get('h1:8082')).toMatchObject({ id: 'b2', health: 'alive' });
});

it('keeps the plots of a place when a new process is there, with a gap for its absence', () => {
  const network = watching(lookOf([B]), lookOf([{ ...B, state: 'dead' }]), lookOf([{ ...B, id: 'b2' }]));
  expect(network.get('h1:8082')?.history.of('writes')).toEqual([3, null, 3]);
});

it('shows the live one of two members at one place, whatever their order', () => {
  const [dead, live] = [
    { ...B, state: 'dead' },
    { ...B, id: 'b2' },
  ];
  expect(watching(lookOf([dead, live])).get('h1:8082')?.id).toBe('b2');
  expect(watching(lookOf([live, dead])).get('h1:8082')?.id).toBe('b2');
});

it('tells who joined and who is forgotten', () => {
  expect(told(watching(lookOf([B]), lookOf([C])))).toEqual(['node-2 forgotten', 'node-3 joined']);
});

it('keeps the order of those it knows when others come', () => {
  const network = watching(lookOf([C]), lookOf([B, C]));
  expect(network.all().map(({ port }) => port)).toEqual([8081, 8083, 8082]);
});

describe('a change that the stream tells', () => {
  const death = { id: 'b', from: 'alive', to: 'dead', reason: 'refused' } as const;

  it('shows at once, with its reason, and is not told again by the next look', () => {
    const network = watching(lookOf([B]));
    expect(network.change(death, 500)).toBe(true);
    network.look(lookOf([{ ...B, state: 'dead' }]), 1000, 1000);
    expect(told(network)).toEqual(['node-2 dead (refused)']);
  });

  it('outweighs a look that was asked for before it', () => {
    const network = watching(lookOf([B]));
    network.change(death, 500);
    network.look(lookOf([B]), 400, 600);
    expect(network.get('h1:8082')?.health).toBe('dead');
    network.look(lookOf([B]), 600, 700);
    expect(network.get('h1:8082')?.health).toBe('alive');
  });

  it('gives its reason to what a look has told already', () => {
    const network = watching(lookOf([B]), lookOf([{ ...B, state: 'dead' }]));
    expect(network.change(death, 1200)).toBe(true);
    expect(told(network)).toEqual(['node-2 dead (refused)']);
  });

  it('changes nothing when it only tells what is', () => {
    const network = watching(lookOf([B]));
    expect(network.change({ id: 'b', from: null, to: 'alive', reason: null }, 1)).toBe(false);
    expect(network.change({ id: 'unheard-of', from: null, to: 'dead', reason: null }, 1)).toBe(false);
    expect(told(network)).toEqual([]);
  });

  it('leaves it to the next look whether a forgotten one is gone or replaced', () => {
    const network = watching(lookOf([B]));
    expect(network.change({ ...death, to: 'forgotten' }, 500)).toBe(false);
    network.look(lookOf([{ ...B, id: 'b2' }]), 1000, 1000);
    expect(told(network)).toEqual(['node-2 returned']);
  });
});

it('goes on with the same places when another node of the host tells', () => {
  const network = watching(lookOf([B]));
  const self = { node_id: 'b', name: 'node-2', port: 8082 };
  network.look(lookOf([{ id: 'a', name: 'node-1', port: 8081, state: 'dead' }], self), 1000, 1000);
  expect(network.self()?.name).toBe('node-2');
  expect(told(network)).toEqual(['node-1 dead']);
  expect(network.get('h1:8081')?.history.of('writes')).toEqual([3, null]);
});

it('takes repairs from the node that had them only', () => {
  const network = watching(lookOf([B]));
  network.tellRepairs(lookOf([], { node_id: 'b', port: 8082 }).self);
  expect(network.get('h1:8082')?.repairs).toEqual({ join: 1, gap: 2, leaves: 3 });
  network.tellRepairs(lookOf([], { node_id: 'stranger', port: 8082 }).self);
  network.look(lookOf([{ ...B, id: 'b2' }]), 1, 1);
  expect(network.get('h1:8082')?.repairs).toBeNull();
});

it('forgets what is older than its limits', () => {
  const network = new Network();
  for (let index = 0; index < READINGS_MAX + 20; index++) {
    network.look(lookOf([{ ...B, state: index % 2 === 0 ? 'alive' : 'dead' }]), index, index);
  }
  expect(network.self()?.history.times).toHaveLength(READINGS_MAX);
  expect(network.self()?.history.of('keys')).toHaveLength(READINGS_MAX);
  expect(network.totals.of('writes')).toHaveLength(READINGS_MAX);
  expect(network.transitions.all()).toHaveLength(TRANSITIONS_MAX);
});
