// The stream before servers that say what a test makes them say.
import { until } from '../../test/support/basics/until';
import { EventStream, type StreamState } from './event-stream';
import { NodeList } from './node-list';
import { ScriptedNode, eventText as event, refuses, says, type Answer } from './scripted-node';

class Heard {
  readonly events: string[] = [];
  readonly states: StreamState[] = [];
  private waiting: { readonly is: () => boolean; readonly done: () => void } | null = null;

  readonly listener = {
    event: (type: string, data: unknown) => this.note(`${type} ${JSON.stringify(data)}`),
    listing: () => this.note('listing'),
    caughtUp: () => this.note('caught up'),
    state: (state: StreamState) => {
      this.states.push(state);
      this.look();
    },
  };

  async until(is: () => boolean): Promise<void> {
    if (!is()) await new Promise<void>((done) => (this.waiting = { is, done }));
  }

  private note(line: string): void {
    this.events.push(line);
    this.look();
  }

  private look(): void {
    if (this.waiting?.is() === true) this.waiting.done();
  }
}

let nodes: ScriptedNode[];
let stream: EventStream;
let heard: Heard;
let list: NodeList;
afterEach(async () => {
  stream.pause();
  for (const node of nodes) await node.close();
});

/** Follows these nodes, of which the first served the page. */
async function follow(...answers: (readonly Answer[])[]): Promise<void> {
  nodes = answers.map((each) => new ScriptedNode(each));
  const addresses: string[] = [];
  for (const node of nodes) addresses.push(await node.listen());
  list = new NodeList(addresses[0] ?? '');
  list.learn(addresses);
  heard = new Heard();
  const addressesOf = (peers: readonly { address: string; port: number }[]): string[] =>
    peers.map(({ address, port }) => `http://${address}:${port}/`);
  stream = new EventStream({
    query: { prefix: 'x' },
    from: 'start',
    nodes: list,
    listener: heard.listener,
    addressesOf,
  });
  stream.start();
}

const LISTED = event('put', { key: 'a' }, 'p1') + event('caught-up', {}, 'p2');

it('asks for all that is held, and goes on elsewhere from the last position when the connection breaks', async () => {
  await follow(
    [says(LISTED + event('put', { key: 'b' }, 'p3'), true)],
    [says(event('caught-up') + event('put', { key: 'c' }))],
  );
  await heard.until(() => heard.events.includes('put {"key":"c"}'));
  expect(heard.events).toEqual([
    'listing',
    'put {"key":"a"}',
    'caught up',
    'put {"key":"b"}',
    'caught up',
    'put {"key":"c"}',
  ]);
  expect(nodes.map(({ asked }) => asked)).toEqual([['start'], ['p3']]);
});

it('leaves a node that hangs, and goes on elsewhere from the last position', async () => {
  await follow([says(LISTED)], [says(event('caught-up') + event('put', { key: 'c' }))]);
  await heard.until(() => heard.events.includes('caught up'));
  (nodes[0] as ScriptedNode).hangs = true;
  await heard.until(() => heard.events.includes('put {"key":"c"}'));
  expect(nodes.map(({ asked }) => asked)).toEqual([['start'], ['p2']]);
}, 30_000);

it('leaves a node that takes its question and hangs', async () => {
  await follow([() => undefined], [says(LISTED)]);
  (nodes[0] as ScriptedNode).hangs = true;
  await heard.until(() => heard.events.includes('caught up'));
  expect(nodes[1]?.asked).toEqual(['start']);
}, 30_000);

it('stays with a node that is quiet and says that it is alive', async () => {
  await follow([says(LISTED)], [says(LISTED)]);
  await until(() => (nodes[0]?.pulses ?? 0) >= 2, 'it was asked twice', 30_000);
  expect(nodes.map(({ asked }) => asked)).toEqual([['start'], []]);
}, 40_000);

it('goes where a node that ends says its peers are', async () => {
  const late = new ScriptedNode([says(event('caught-up'))]);
  const port = Number(new URL(await late.listen()).port);
  await follow([
    says(LISTED + event('end', { reason: 'draining', peers: [{ name: 'n', address: '127.0.0.1', port }] })),
  ]);
  nodes.push(late);
  await heard.until(() => heard.events.filter((line) => line === 'caught up').length === 2);
  expect(late.asked).toEqual(['p2']);
  expect(list.current).toBe(`http://127.0.0.1:${port}/`);
});

it('lists again when a node cannot say what was missed', async () => {
  await follow([says(LISTED + event('resync', { reason: 'position-too-old' })), says(LISTED)]);
  await heard.until(() => heard.events.filter((line) => line === 'caught up').length === 2);
  expect(nodes[0]?.asked).toEqual(['start', 'start']);
  expect(heard.events.filter((line) => line === 'listing')).toHaveLength(2);
});

it('says why it waits when every node refuses, and tries again', async () => {
  await follow([refuses(503), says(LISTED)], [refuses(503), says(LISTED)]);
  await heard.until(() => heard.events.includes('caught up'));
  const [waited] = heard.states.filter(({ kind }) => kind === 'waiting');
  expect(waited).toMatchObject({ failure: { kind: 'refused', status: 503, code: 'syncing' } });
});

it('waits between tries of a node that ends each stream at once', async () => {
  await follow([says(event('end', { reason: 'syncing', peers: [] }), true)]);
  await heard.until(() => heard.states.some(({ kind }) => kind === 'waiting'));
  expect(nodes[0]?.asked.length).toBeLessThan(8);
});

it('pauses, and goes on from where it was', async () => {
  await follow([says(LISTED)]);
  await heard.until(() => heard.events.includes('caught up'));
  stream.pause();
  stream.start();
  await heard.until(() => heard.events.filter((line) => line === 'caught up').length === 2);
  expect(nodes[0]?.asked).toEqual(['start', 'p2']);
});
