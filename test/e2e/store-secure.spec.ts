// Servers that speak TLS, and servers that ask who comes: what nodes need for them, what they say
// where it does not fit, and that no password is shown anywhere.
// With servers of its own: each has certificates, users or passwords of its own.
import type { NodeSettings } from '../../src/config/settings';
import { readProjectFile } from '../architecture/project-files';
import { parseStoreUrl } from '../../src/config/store-address';
import { createNode, type RunningNode } from '../../src/create-node';
import { until } from '../support/basics/until';
import { recordingLog, testSettings, type LogLine } from '../support/fakes/fake-node';
import { call, get, put, read } from '../support/http/calls';
import { EventReader } from '../support/http/event-reader';
import { portRange } from '../support/processes/ports';
import { Authority, tlsOptions } from '../support/redis/certificates';
import { RedisCluster } from '../support/redis/redis-cluster';
import { RedisServer } from '../support/redis/redis-server';
import { describeWithRedis, describeWithTls } from '../support/redis/with-redis';
import { newClusterName } from '../support/redis/store-engine';

/** All that a URL takes for something else, and more. */
const PASSWORD = 'p@ss:w/ord%#?&+ é"\\';
const ENCODED = encodeURIComponent(PASSWORD);

class SecureNode {
  private constructor(
    private readonly node: RunningNode,
    private readonly lines: readonly LogLine[],
  ) {}

  static async start(url: string, changes: Partial<NodeSettings> = {}): Promise<SecureNode> {
    const store = parseStoreUrl(url);
    if (store === null) throw new Error(`no address of a store: ${url}`);
    const { log, lines } = recordingLog();
    const place = { basePort: await portRange(1), maxPorts: 1, nodeCount: 1 };
    const settings = { store, cluster: newClusterName(), storeTimeoutMs: 500, ...place, ...changes };
    return new SecureNode(await createNode(testSettings(settings), { log }), lines);
  }

  get port(): number {
    return Number(this.node.listenPort);
  }

  stop(): Promise<void> {
    return this.node.stop();
  }

  async untilReady(): Promise<void> {
    const isReady = async (): Promise<boolean> => (await call(this.port, '/health/ready')).status === 200;
    await until(isReady, 'the node is ready');
  }

  /** What the log says of servers that cannot be reached; clients are told 503. */
  async problem(): Promise<string> {
    const told = (): string[] =>
      this.lines.flatMap(({ event, fields }) =>
        event === 'store-away' ? [(fields as { readonly problem: string }).problem] : [],
      );
    // On a busy machine the first reason is that there is no connection yet.
    const isShown = async (problem: string): Promise<boolean> =>
      (await this.text('/health/ready')).includes(JSON.stringify(problem).slice(1, -1));
    const found = async (): Promise<string> => {
      for (const problem of told()) if (await isShown(problem)) return problem;
      return '';
    };
    const problem = await until(found, 'the log tells what /health/ready shows');
    const answer = await put(this.port, 'k', 'v');
    expect([answer.status, codeOf(answer.body)]).toEqual([503, 'store-away']);
    expect(await this.text('/status')).toContain(JSON.stringify(problem).slice(1, -1));
    return problem;
  }

  /** All that a node shows of itself, to whomever. */
  async all(): Promise<string> {
    const paths = ['/status', '/health', '/health/ready', '/metrics', '/peers', '/keys', '/data/k'];
    const texts = await Promise.all(paths.map((path) => this.text(path)));
    return [JSON.stringify(this.lines), ...texts].join('\n');
  }

  private async text(path: string): Promise<string> {
    return (await call(this.port, path)).body.toString();
  }
}

function codeOf(body: Buffer): unknown {
  return (JSON.parse(body.toString()) as { code: unknown }).code;
}

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop();
});

async function node(url: string, changes: Partial<NodeSettings> = {}): Promise<SecureNode> {
  const each = await SecureNode.start(url, changes);
  started.push(each);
  return each;
}

async function server(...options: readonly string[]): Promise<RedisServer> {
  const each = await RedisServer.start(await portRange(1), ...options);
  started.push(each);
  return each;
}

async function written({ port }: SecureNode, key: string, level: string): Promise<number> {
  return (await call(port, `/data/${key}?ttl=600&w=${level}`, { method: 'PUT', body: 'v' })).status;
}

/** As it is, in a URL, and in JSON. */
async function expectNothingShown(of: SecureNode, secret: string): Promise<void> {
  const all = await of.all();
  for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    expect(all).not.toContain(form);
}

async function expectServed({ port }: SecureNode): Promise<void> {
  expect((await put(port, 'served', 'value', { ttl: 600 })).status).toBe(201);
  expect(await read(port, 'served')).toBe('200 value');
}

describeWithTls('servers that speak TLS', () => {
  let ours: Authority;
  let theirs: Authority;
  beforeAll(() => {
    ours = new Authority();
    theirs = new Authority();
  });
  afterAll(() => {
    for (const authority of [ours, theirs]) authority.remove();
  });

  /** Answers where it speaks TLS. */
  async function tlsServer(names = 'IP:127.0.0.1', ...options: readonly string[]): Promise<string> {
    const port = await portRange(1);
    await server(...tlsOptions(port, ours, ours.sign(names)), ...options);
    return `127.0.0.1:${port}`;
  }

  it('serve a node that holds them against their authority', async () => {
    const at = await tlsServer();
    const secure = await node(`rediss://${at}`, { storeCaFile: ours.caFile });
    await secure.untilReady();
    await expectServed(secure);
  });

  it('are away, and the log says why, where the authority is another or none is named', async () => {
    const at = await tlsServer();
    const other = await node(`rediss://${at}`, { storeCaFile: theirs.caFile });
    expect(await other.problem()).toMatch(/certificate/i);
    const none = await node(`rediss://${at}`);
    expect(await none.problem()).toMatch(/certificate/i);
  });

  it('are away, and the log says so, where the certificate is that of another server', async () => {
    const at = await tlsServer('DNS:store.example');
    const secure = await node(`rediss://${at}`, { storeCaFile: ours.caFile });
    expect(await secure.problem()).toContain("127.0.0.1 is not in the cert's list");
  });

  it('are away, and the log says so, where one of both ends speaks no TLS', async () => {
    const plain = await server();
    const speaksTls = await node(`rediss://127.0.0.1:${plain.port}`, { storeCaFile: ours.caFile });
    expect(await speaksTls.problem()).toMatch(/SSL|TLS|ETIMEDOUT/);
    const speaksNone = await node(`redis://${await tlsServer()}`);
    expect(await speaksNone.problem()).toMatch(/closed|reset|ended/i);
  });
});

describeWithTls('a Cluster that speaks TLS', () => {
  let ours: Authority;
  beforeAll(() => {
    ours = new Authority();
  });
  afterAll(() => ours.remove());

  it('and ask for a password, are a Cluster, and serve a node whose address has both', async () => {
    const certificate = ours.sign('IP:127.0.0.1');
    const secrets = ['--requirepass', PASSWORD, '--masterauth', PASSWORD];
    // Without the first, servers tell clients the ports without TLS.
    const among = ['--tls-cluster', 'yes', '--tls-replication', 'yes'];
    const cluster = await RedisCluster.start((port) => [
      ...tlsOptions(port, ours, certificate),
      ...among,
      ...secrets,
    ]);
    started.push(cluster);
    const url = `rediss-cluster://:${ENCODED}@${cluster.tlsEndpoints}`;
    const secure = await node(url, { storeCaFile: ours.caFile });
    await secure.untilReady();
    await expectServed(secure);
    for (let at = 0; at < 50; at += 1) expect(await written(secure, `spread-${at}`, 'all')).toBe(201);
    await expectNothingShown(secure, PASSWORD);
  });
});

describeWithRedis('servers that ask who comes', () => {
  it('serve a node with the password, whatever is in it', async () => {
    const { port } = await server('--requirepass', PASSWORD);
    const known = await node(`redis://:${ENCODED}@127.0.0.1:${port}`);
    await known.untilReady();
    await expectServed(known);
    await expectNothingShown(known, PASSWORD);
  });

  it.each([
    ['with a wrong password', ':wr%40ng-one', /WRONGPASS/],
    ['with a user that is not there', 'nobody:wr%40ng-one', /WRONGPASS/],
    ['without a password', '', /NOAUTH/],
  ])('are away for a node %s, and say why, and nobody shows it', async (_, login, why) => {
    const { port } = await server('--requirepass', PASSWORD);
    const unknown = await node(`redis://${login === '' ? '' : `${login}@`}127.0.0.1:${port}`);
    expect(await unknown.problem()).toMatch(why);
    await expectNothingShown(unknown, 'wr@ng-one');
  });

  it('are away for another reason once they are there, and the log tells that too', async () => {
    const port = await portRange(1);
    const unknown = await node(`redis://127.0.0.1:${port}`);
    expect(await unknown.problem()).not.toMatch(/NOAUTH/);
    started.push(await RedisServer.start(port, '--requirepass', PASSWORD));
    await until(async () => (await unknown.problem()).includes('NOAUTH'), 'the log tells of the password');
  });

  it('serve a node from the moment its password is theirs', async () => {
    const one = await server('--requirepass', 'of yesterday');
    const known = await node(`redis://:of%20today@127.0.0.1:${one.port}`);
    await known.problem();
    one.call('CONFIG', 'SET', 'requirepass', 'of today');
    await known.untilReady();
  });

  it('keep the values of a node in the database that it names, and in no other', async () => {
    const one = await server();
    const known = await node(`redis://127.0.0.1:${one.port}/3`);
    await known.untilReady();
    await expectServed(known);
    expect(Number(one.call('-n', '3', 'DBSIZE'))).toBeGreaterThan(0);
    expect(one.call('-n', '0', 'DBSIZE')).toBe('0');
  });
});

interface DocumentedUser {
  /** Of the network, whose names the user may touch. */
  readonly name: string;
  readonly rules: readonly string[];
}

function documentedUser(): DocumentedUser {
  const name = newClusterName();
  const rights = /^ACL SETUSER repram (.+)$/m.exec(readProjectFile('docs/engines.md').text)?.[1] ?? '';
  const rules = rights
    .split(' ')
    .map((rule) => rule.replace('PASSWORD', PASSWORD).replace('REPRAM_CLUSTER', name));
  return { name, rules };
}

describeWithRedis('a user who may do what docs/engines.md says and no more', () => {
  const { name: CLUSTER, rules } = documentedUser();

  it('may do all that a node does', async () => {
    const one = await server('--repl-diskless-sync-delay', '0');
    await server('--replicaof', `127.0.0.1 ${one.port}`);
    one.call('ACL', 'SETUSER', 'repram', ...rules);
    const known = await node(`redis://repram:${ENCODED}@127.0.0.1:${one.port}/3`, {
      cluster: CLUSTER,
      ttlMinSeconds: 1,
    });
    await known.untilReady();
    const reader = await EventReader.open(known.port, '?since=start&values=1');
    await reader.untilHas('caught-up');
    const hasReplica = async (): Promise<boolean> => {
      const { headers } = await call(known.port, '/data/level-all?w=all', { method: 'PUT', body: 'v' });
      return headers['x-repram-acks'] === '2/2';
    };
    await until(hasReplica, 'the replica confirms');
    for (const level of ['1', 'quorum', 'all'])
      expect(await written(known, `level-${level}`, level)).toBe(201);
    expect((await put(known.port, 'large', Buffer.alloc(100_000), { ttl: 600 })).status).toBe(201);
    expect((await get(known.port, 'large')).body).toHaveLength(100_000);
    expect((await call(known.port, '/data/large', { method: 'HEAD' })).status).toBe(200);
    const headers = { 'if-none-match': '*' };
    const guarded = await call(known.port, '/data/large', { method: 'PUT', body: 'w', headers });
    expect(guarded.status).toBe(412);
    expect((await put(known.port, 'short', 'v', { ttl: 1 })).status).toBe(201);
    await reader.untilHas('expire');
    reader.close();
    expect(JSON.parse((await call(known.port, '/keys')).body.toString())).toMatchObject({
      keys: ['large', 'level-1', 'level-all', 'level-quorum'],
    });
    expect(one.call('ACL', 'LOG')).toBe('');
  });

  it('may touch no other network, and the log says where a right is missing', async () => {
    const one = await server();
    one.call('ACL', 'SETUSER', 'repram', ...rules);
    const stranger = await node(`redis://repram:${ENCODED}@127.0.0.1:${one.port}`, {
      cluster: newClusterName(),
    });
    expect(await stranger.problem()).toMatch(/NOPERM|permission/i);
    await expectNothingShown(stranger, PASSWORD);
  });

  it('gets no writes confirmed by copies that nobody may count, and the log says why', async () => {
    const one = await server();
    one.call('ACL', 'SETUSER', 'repram', ...rules, '-info');
    const blind = await node(`redis://repram:${ENCODED}@127.0.0.1:${one.port}`, { cluster: CLUSTER });
    expect(await blind.problem()).toMatch(/NOPERM.*info/);
    expect(await written(blind, 'k', 'all')).toBe(503);
  });
});

describeWithRedis('a user of a Cluster who may do what docs/engines.md says and no more', () => {
  it('may do all that a node does, and the log says which right is missing', async () => {
    const cluster = await RedisCluster.start();
    started.push(cluster);
    const { name, rules } = documentedUser();
    const allow = (...more: readonly string[]): void => {
      for (const each of cluster.servers) each.call('ACL', 'SETUSER', 'repram', ...rules, ...more);
    };
    allow();
    const url = cluster.url.replace('//', `//repram:${ENCODED}@`);
    const known = await node(url, { cluster: name });
    await known.untilReady();
    for (let at = 0; at < 50; at += 1) expect(await written(known, `spread-${at}`, 'all')).toBe(201);
    for (const each of cluster.servers) expect(each.call('ACL', 'LOG')).toBe('');
    allow('-cluster|replicas');
    const blind = await node(url, { cluster: name });
    expect(await blind.problem()).toMatch(/NOPERM.*cluster\|replicas/);
  });
});
