// How a network ends: requests in flight finish, peers hear a goodbye, the exit code is 0, and
// nobody is left behind.
import { Agent, request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { call, portsFrom, put, receive, untilMesh, viewOf } from '../support/http/calls';
import type { Answer } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import type { Ending, TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

const CLEAN: Ending = { code: 0, signal: null };
/** What a container runtime grants, and a little for a busy machine. */
const EXIT_WITHIN_MS = 9000;

/** A PUT whose body is sent in two halves; the answer comes after the second. */
async function beginUpload(port: number): Promise<{ finish: () => void; answer: Promise<Answer> }> {
  const head = { 'content-length': '10', expect: '100-continue' };
  const sent: ClientRequest = request({
    host: '127.0.0.1',
    port,
    path: '/data/slow',
    method: 'PUT',
    headers: head,
  });
  const answer = new Promise<Answer>((resolve, reject) => {
    sent.on('response', (response) => {
      receive(response).then(resolve, reject);
    });
    sent.on('error', reject);
  });
  answer.catch(() => undefined);
  const accepted = new Promise((resolve) => sent.once('continue', resolve));
  sent.flushHeaders();
  await accepted;
  sent.write('12345');
  return { finish: () => sent.end('67890'), answer };
}

describe('a network that ends', () => {
  const cluster = new Cluster();

  afterEach(() => cluster.cleanUp());

  async function formed(): Promise<{ launcher: TestProcess; ports: number[]; base: number }> {
    const base = await portRange(10);
    const launcher = cluster.startLauncher({ base });
    const ports = portsFrom(base, 3);
    await untilMesh(ports);
    return { launcher, ports, base };
  }

  async function ending(of: TestProcess): Promise<Ending> {
    const over: Ending[] = [];
    void of.exited.then((end) => over.push(end));
    return until(() => over.at(0) as Ending, 'the process ends', EXIT_WITHIN_MS);
  }

  function nodesExited(launcher: TestProcess): unknown[] {
    return launcher.events('node-exited').map((line) => line.reason);
  }

  it.each([
    ['SIGTERM to the launcher', (launcher: TestProcess) => launcher.signal('SIGTERM')],
    ['SIGINT to the launcher', (launcher: TestProcess) => launcher.signal('SIGINT')],
    [
      'Ctrl-C, which reaches the whole process group,',
      (launcher: TestProcess) => launcher.signalGroup('SIGINT'),
    ],
    ['SIGTERM to the whole process group', (launcher: TestProcess) => launcher.signalGroup('SIGTERM')],
  ])('after %s exits with 0 and leaves nobody', async (_what, end) => {
    const { launcher, ports } = await formed();
    end(launcher);
    expect(await ending(launcher)).toEqual(CLEAN);
    expect(nodesExited(launcher)).toEqual(Array(3).fill('exit code 0'));
    expect(launcher.events('node-stopped')).toHaveLength(3);
    expect(launcher.survivors()).toEqual([]);
    expect(launcher.errors).toBe('');
    for (const port of ports) await expect(viewOf(port)).rejects.toThrow('ECONNREFUSED');
  });

  it('lets an upload in flight finish and answers it, while new requests are refused', async () => {
    const { launcher, ports } = await formed();
    const upload = await beginUpload(ports[1]);
    launcher.signal('SIGTERM');
    await until(async () => {
      const refused = await viewOf(ports[1]).catch((error: unknown) => String(error));
      return typeof refused === 'string' && refused.includes('ECONNREFUSED');
    }, 'the port no longer accepts connections');
    upload.finish();
    const { status, headers } = await upload.answer;
    expect([201, 202]).toContain(status);
    expect(headers['x-repram-version']).toBeDefined();
    expect(await ending(launcher)).toEqual(CLEAN);
  });

  it('does not wait for clients that keep idle connections open, nor for an upload that never ends', async () => {
    const { launcher, ports } = await formed();
    const agent = new Agent({ keepAlive: true });
    for (const port of ports) await call(port, '/health', { agent });
    const upload = await beginUpload(ports[2]);
    launcher.signal('SIGTERM');
    expect(await ending(launcher)).toEqual(CLEAN);
    expect(launcher.events('drain-overdue')).toEqual([]);
    const { status, body } = await upload.answer;
    expect([status, String(body)]).toEqual([503, expect.stringContaining('"code":"draining"')]);
    agent.destroy();
  });

  it('says goodbye to the peers that stay, which show nobody as dead', async () => {
    const { launcher, ports, base } = await formed();
    const leaving = cluster.startLauncher({ base, nodes: 2, env: { REPRAM_NODE_ID: 'guest' } });
    await untilMesh(portsFrom(base, 5));
    leaving.signal('SIGTERM');
    expect(await ending(leaving)).toEqual(CLEAN);
    for (const node of ['flux-node-1', 'flux-node-2', 'flux-node-3']) {
      const heard = (): string[] =>
        launcher.events('member-left', { node }).map((line) => String(line.peer_name));
      await until(() => heard().length >= 2, `${node} hears both goodbyes`);
      expect(heard().sort()).toEqual(['guest-1', 'guest-2']);
    }
    expect(launcher.events('member-dead')).toEqual([]);
    expect(launcher.events('member-suspect')).toEqual([]);
    for (const port of ports) {
      const states = (await viewOf(port)).peers.map((peer) => `${peer.name} ${peer.state}`);
      expect(states.filter((state) => state.endsWith('alive'))).toHaveLength(2);
    }
    expect((await put(ports[0], 'after', 'the guests')).status).toBe(201);
  });

  it('leaves no process behind when the launcher is killed with SIGKILL', async () => {
    const { launcher } = await formed();
    expect(launcher.survivors()).toHaveLength(4);
    launcher.signal('SIGKILL');
    await until(() => launcher.survivors().length === 0, 'every node is gone');
    expect((await launcher.exited).signal).toBe('SIGKILL');
  });

  it('ends when a node process without a launcher gets Ctrl-C', async () => {
    const base = await portRange(10);
    const node = cluster.startNode({ base });
    await untilMesh([base]);
    node.signal('SIGINT');
    expect(await ending(node)).toEqual(CLEAN);
  });

  it('ends when the process of `npm start` gets SIGTERM', async () => {
    const base = await portRange(10);
    const env = { BASE_PORT: String(base), REPRAM_BIND_ADDRESS: '127.0.0.1', NODE_COUNT: '2' };
    const npm = cluster.run(['npm', 'start'], { PATH: process.env.PATH ?? '', ...env });
    await untilMesh(portsFrom(base, 2), 30_000);
    npm.signal('SIGTERM');
    await until(() => npm.survivors().length === 0, 'every process is gone', EXIT_WITHIN_MS);
    // Only then all that they have said is read.
    await npm.exited;
    expect(npm.events('stopped')).toMatchObject([{ exit_code: 0 }]);
  });

  it.each(['SIGUSR1', 'SIGUSR2'] as const)('opens no inspector on %s, nor ends', async (signal) => {
    const { launcher, ports } = await formed();
    launcher.signalGroup(signal);
    const [{ status }] = await Promise.all(ports.map((port) => call(port, '/health')));
    expect(status).toBe(200);
    launcher.signal('SIGTERM');
    expect(await ending(launcher)).toEqual(CLEAN);
    expect(launcher.errors).toBe('');
    expect(nodesExited(launcher)).toEqual(Array(3).fill('exit code 0'));
  });
});
