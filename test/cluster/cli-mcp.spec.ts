// `repram mcp` as a host of models starts it; test/cluster/mcp.spec.ts tries its tools.
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { startTyping, type } from '../support/processes/typed';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};
const CALL = {
  jsonrpc: '2.0',
  id: 2,
  method: 'tools/call',
  params: { name: 'repram_store', arguments: { key: 'from-model', data: 'said' } },
};

describe('repram mcp', () => {
  const cluster = new Cluster();
  afterEach(() => cluster.cleanUp());

  it('speaks the protocol on standard output alone, with the nodes that are named, until Ctrl-C', async () => {
    const { ports } = await Launched.start(cluster, { nodes: 1 });
    const env = { REPRAM_NODES: `127.0.0.1:${ports[0]}` };
    const serving = startTyping(['mcp'], { env, keepsInput: true });
    for (const message of [INITIALIZE, { jsonrpc: '2.0', method: 'notifications/initialized' }, CALL])
      serving.child.stdin?.write(`${JSON.stringify(message)}\n`);
    await until(() => serving.out().includes('"id":2'), 'the tool answers');
    const answers = serving
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(answers[0]).toMatchObject({ id: 1, result: { serverInfo: { name: 'repram' } } });
    expect(await type(['get', 'from-model'], { env })).toMatchObject({ code: 0, out: 'said' });
    serving.child.kill('SIGINT');
    expect((await serving.ended).code).toBe(130);
  });

  it('has a node of its own where none is named, and ends it with its input', async () => {
    const serving = startTyping(['mcp'], { keepsInput: true });
    serving.child.stdin?.write(`${JSON.stringify(INITIALIZE)}\n`);
    await until(() => serving.out().includes('"id":1'), 'it answers');
    serving.child.stdin?.end();
    expect(await serving.ended).toMatchObject({ code: 0, errors: '' });
  });
});
