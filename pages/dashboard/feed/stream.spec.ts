// The changes before a server that says what a test makes it say.
import { ScriptedNode, eventText, refuses, says, type Answer } from '../../node-api/scripted-node';
import { Stream, openChanges } from './stream';

let node: ScriptedNode;
let stream: Stream;
let heard: string[];
let look = (): void => undefined;

afterEach(async () => {
  stream.close();
  await node.close();
});

async function follow(...answers: readonly Answer[]): Promise<void> {
  node = new ScriptedNode(answers);
  heard = [];
  const note = (line: string): void => {
    heard.push(line);
    look();
  };
  stream = new Stream(openChanges, {
    changed: ({ id, from, to, reason }) => note(`${id}: ${from} to ${to}, ${reason}`),
    live: (isLive) => note(isLive ? 'live' : 'not live'),
    broken: () => note('broken'),
    ending: () => note('ending'),
  });
  stream.follow(await node.listen());
}

/** Waits until that was heard so often. */
async function untilHeard(line: string, times = 1): Promise<void> {
  const is = (): boolean => heard.filter((each) => each === line).length >= times;
  if (is()) return;
  await new Promise<void>((done) => {
    look = () => {
      if (is()) done();
    };
  });
}

const change = (data: object): string => eventText('member', data);

it('asks for what happens now, and is live as soon as the node answers', async () => {
  await follow(says(': here\n\n'));
  await untilHeard('live');
  expect(node.asked).toEqual(['']);
});

it('tells changes, and stands what is none', async () => {
  const odd = [{}, { id: 1 }, { id: 'b', to: 'asleep' }].map(change).join('');
  const dead = change({ id: 'a', from: 'alive', to: 'dead', reason: 'refused' });
  await follow(says(odd + eventText('put', { key: 'k' }) + dead));
  await untilHeard('a: alive to dead, refused');
  expect(heard).toEqual(['live', 'a: alive to dead, refused']);
});

it('says that it broke off, and comes back by itself', async () => {
  await follow(says(': here\n\n', true), says(': again\n\n'));
  await untilHeard('live', 2);
  expect(heard).toEqual(['live', 'not live', 'broken', 'live']);
});

it('is not said to have broken off when the node refused it, and comes when it may', async () => {
  await follow(refuses(503), says(': here\n\n'));
  await untilHeard('live');
  expect(heard).toEqual(['live']);
});

it('says that the node is about to stop', async () => {
  await follow(says(eventText('end', { reason: 'draining', peers: [] })));
  await untilHeard('ending');
  expect(heard.slice(0, 2)).toEqual(['live', 'ending']);
});

it('is heard no more once it is closed', async () => {
  await follow(says(': here\n\n'));
  await untilHeard('live');
  stream.close();
  await node.close();
  expect(heard).toEqual(['live', 'not live']);
  node = new ScriptedNode([]);
  await node.listen();
});
