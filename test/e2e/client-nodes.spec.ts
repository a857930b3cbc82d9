// What the client makes of nodes that do badly: which of them it leaves, for how long, and what it
// says in the end.
// Without an engine: scripted servers stand for the nodes.
import { PROBLEM_CODES, Repram, type ProblemCode, type RepramOptions } from '../../src/client';
import { until } from '../support/basics/until';
import {
  found,
  hangs,
  hangsUp,
  page,
  problem,
  ScriptedNode,
  type Answering,
} from '../support/fakes/scripted-node';

const TTL = { ttlSeconds: 600 };
const nodes: ScriptedNode[] = [];
const clients: Repram[] = [];

afterEach(async () => {
  for (const each of clients.splice(0)) each.close();
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

async function scripted(...answers: Answering[]): Promise<ScriptedNode[]> {
  const started = await Promise.all(answers.map((answering) => ScriptedNode.start(answering)));
  nodes.push(...started);
  return started;
}

function client(of: readonly ScriptedNode[], options: Partial<RepramOptions> = {}): Repram {
  const made = new Repram({ nodes: of.map(({ url }) => url), learnNodes: false, ...options });
  clients.push(made);
  return made;
}

const coded = (code: string) => expect.objectContaining({ name: 'RepramError', code }) as unknown;

const ELSEWHERE: readonly ProblemCode[] = [
  ...(['body-incomplete', 'not-found', 'request-timeout', 'host-refused', 'rate-limited'] as const),
  ...(['internal', 'draining', 'syncing', 'busy', 'clock-wrong', 'storage-full'] as const),
  'store-away',
];

describe('a call goes on at the next node', () => {
  const badly: readonly (readonly [string, Answering])[] = [
    ...ELSEWHERE.map((code) => [code, problem(code, { 'retry-after': '60' })] as const),
    ...[401, 404, 502, 504].map((status) => [`a page with ${status}`, page(status)] as const),
    ['a page with 200', page(200)],
    ['a hang-up', hangsUp],
    ['silence', hangs],
  ];

  it.each(badly)('after %s', async (_, answering) => {
    const both = await scripted(answering, found);
    const repram = client(both);
    await repram.put('k', 'v', TTL);
    expect((await repram.get('k'))?.text()).toBe('v');
    expect(both[1].asked).toHaveLength(2);
  });
});

it('knows by the status alone what a node says that answers without a body', async () => {
  for (const code of ['host-refused', 'rate-limited', 'internal', 'syncing'] as const) {
    const both = await scripted(problem(code, { 'retry-after': '60' }), found);
    expect(await client(both).has('k')).toBe(true);
    await expect(client([both[0]]).has('k')).rejects.toEqual(coded(code));
  }
  const [absent] = await scripted(problem('key-absent'));
  expect(await client([absent]).has('k')).toBe(false);
});

it('takes no 404 for "absent" that is not a node’s, with a body and without', async () => {
  const unsigned: Answering = (_, response) =>
    void response
      .writeHead(404, { 'content-type': 'application/problem+json' })
      .end('{"code":"key-absent","title":"Gone","detail":"Says a gateway."}');
  for (const answering of [page(404), unsigned]) {
    const alone = client(await scripted(answering), { retries: 0 });
    for (const call of [alone.get('k'), alone.head('k'), alone.has('k'), alone.stream('k')])
      await expect(call).rejects.toEqual(coded('answer-invalid'));
    const both = await scripted(answering, found);
    expect(await client(both).has('k')).toBe(true);
    expect((await client(both).get('k'))?.text()).toBe('v');
  }
});

it('asks again for as long as it waits, where a node waits less', async () => {
  const [node] = await scripted(problem('key-absent'));
  const reading = client([node]).get('k', { waitSeconds: 60 });
  await until(() => node.asked.length === 1, 'it has asked');
  node.answering = found;
  expect((await reading)?.text()).toBe('v');
  expect(node.asked.map((line) => line.replace(/=.*/, ''))).toEqual(['GET /data/k?wait', 'GET /data/k?wait']);
});

it('does not ask all the time where a node does not wait at all', async () => {
  const [node] = await scripted(problem('key-absent'));
  const repram = client([node]);
  const gone = new AbortController();
  const reading = repram.get('k', { waitSeconds: 60, signal: gone.signal });
  const settled = expect(reading).rejects.toEqual(coded('aborted'));
  for (let turn = 0; turn < 40; turn += 1) await repram.has('other');
  expect(node.asked.filter((line) => line.includes('/data/k?')).length).toBeLessThan(20);
  gone.abort();
  await settled;
});

it('leaves a node that hangs, hangs up or leaves alone for the next calls', async () => {
  for (const answering of [hangs, hangsUp, problem('draining')]) {
    const both = await scripted(answering, found);
    const repram = client(both);
    for (let turn = 0; turn < 5; turn += 1) await repram.get('k');
    expect([both[0].asked.length, both[1].asked.length]).toEqual([1, 5]);
    expect(repram.nodes).toEqual([both[1].url, both[0].url]);
  }
});

it('throws at once what every node would say', async () => {
  const final = PROBLEM_CODES.filter((code) => !ELSEWHERE.includes(code) && code !== 'key-absent');
  for (const code of final) {
    const both = await scripted(problem(code), found);
    await expect(client(both).get('k')).rejects.toEqual(coded(code));
    expect(both[1].asked).toEqual([]);
  }
});

it('says what the nodes said when none can do it, without waiting for what cannot change', async () => {
  const full = await scripted(problem('storage-full'), problem('storage-full'));
  await expect(client(full).put('k', 'v', TTL)).rejects.toEqual(coded('storage-full'));
  expect(full.map(({ asked }) => asked.length)).toEqual([1, 1]);
  const later = await scripted(problem('clock-wrong', { 'retry-after': '60' }));
  await expect(client(later).put('k', 'v', TTL)).rejects.toMatchObject({ retryAfterSeconds: 60 });
  expect(later[0].asked).toHaveLength(1);
});

it('asks the only node again until it can do it', async () => {
  const [node] = await scripted(problem('syncing', { 'retry-after': '0' }));
  const repram = client([node]);
  const value = repram.get('k');
  await until(() => node.asked.length >= 3, 'three tries');
  node.answering = found;
  expect((await value)?.text()).toBe('v');
});

it('tries as often as it may, and no more', async () => {
  const [node] = await scripted(hangsUp);
  await expect(client([node], { retries: 2 }).get('k')).rejects.toEqual(coded('no-node'));
  expect(node.asked).toHaveLength(3);
});

it('says timeout when nodes are there and silent, and takes no longer than it may', async () => {
  const both = await scripted(hangs, hangs);
  await expect(client(both, { timeoutMs: 1200 }).get('k')).rejects.toEqual(coded('timeout'));
  expect(both.map(({ asked }) => asked.length)).toEqual([1, 1]);
});

it('takes the answer of a node that was only slow', async () => {
  const answers: (() => void)[] = [];
  const slowly: Answering = (request, response) => void answers.push(() => found(request, response));
  const both = await scripted(slowly, hangs);
  const value = client(both).get('k');
  await until(() => both[1].asked.length === 1, 'the other one is asked as well');
  answers[0]();
  expect((await value)?.text()).toBe('v');
});

describe('further nodes', () => {
  const peer = (id: string, { port }: ScriptedNode, state = 'alive'): object => {
    return { id, address: '127.0.0.1', port, state };
  };

  /** Says who it is and whom it knows. */
  function telling(id: string, port: () => number, peers: () => readonly object[]): Answering {
    return (request, response) => {
      const path = request.url ?? '';
      if (path === '/peers') response.end(JSON.stringify({ node_id: id, peers: peers() }));
      else if (path === '/status') response.end(JSON.stringify({ node_id: id, port: port() }));
      else found(request, response);
    };
  }

  async function learned(of: Repram, count: number): Promise<readonly string[]> {
    await until(async () => {
      await of.get('k');
      return of.nodes.length === count;
    }, `${count} nodes are known`);
    return of.nodes;
  }

  it('are learned, when they say that they are who was told of, and do not say that they left', async () => {
    const [teller, friend, stranger, dead] = await scripted(hangs, hangs, hangs, hangs);
    const peers = () => [peer('f', friend), peer('s', stranger), peer('d', dead, 'dead')];
    teller.answering = telling('t', () => teller.port, peers);
    friend.answering = telling(
      'f',
      () => friend.port,
      () => [],
    );
    stranger.answering = telling(
      'somebody else',
      () => stranger.port,
      () => [],
    );
    expect(await learned(client([teller], { learnNodes: true }), 2)).toEqual([teller.url, friend.url]);
    expect(stranger.asked).toEqual(['GET /peers']);
    expect(dead.asked).toEqual([]);
  });

  it('are not looked for beside a node that has another port outside, or a path', async () => {
    const [teller, friend] = await scripted(hangs, hangs);
    teller.answering = telling(
      't',
      () => 1,
      () => [peer('f', friend)],
    );
    const repram = client([teller], { learnNodes: true });
    await repram.get('k');
    await until(() => teller.asked.includes('GET /status'), 'its port is asked for');
    await repram.get('k');
    expect([friend.asked, repram.nodes]).toEqual([[], [teller.url]]);
    const behind = client([], { nodes: `${teller.url}prefix`, learnNodes: true });
    await behind.get('k');
    expect(teller.asked.filter((each) => each.includes('/prefix/'))).toEqual(['GET /prefix/data/k']);
  });

  it('are forgotten when nobody tells of them any more', async () => {
    const [teller, friend, later] = await scripted(hangs, hangs, hangs);
    let known = [peer('f', friend)];
    teller.answering = telling(
      't',
      () => teller.port,
      () => known,
    );
    friend.answering = telling(
      'f',
      () => friend.port,
      () => [peer('l', later)],
    );
    later.answering = telling(
      'l',
      () => later.port,
      () => [],
    );
    const repram = client([teller], { learnNodes: true });
    await learned(repram, 2);
    known = [];
    teller.answering = hangsUp;
    await until(async () => {
      await repram.get('k');
      return repram.nodes.includes(later.url);
    }, 'the friend tells of another one');
    expect(repram.nodes[0]).toBe(friend.url);
    friend.answering = hangsUp;
    await until(async () => {
      await repram.get('k');
      return !repram.nodes.includes(friend.url);
    }, 'the friend is forgotten');
    expect(repram.nodes).toEqual([later.url, teller.url]);
  });
});
