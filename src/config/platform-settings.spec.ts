// The settings of a deployment on the Flux platform.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseBaseUrl, parsePortPairs } from './addresses';
import { readLauncherSettings, readNodeSettings } from './read-settings';
import type { NodeSettings } from './settings';

function node(env: Record<string, string> = {}): Readonly<NodeSettings> {
  const result = readNodeSettings(env);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.settings;
}

function problems(env: Record<string, string>) {
  const result = readLauncherSettings(env);
  return result.ok ? [] : result.problems;
}

describe('the platform', () => {
  it('is nowhere unless an application has a name', () => {
    expect(node()).toMatchObject({
      appName: null,
      fluxApiUrls: ['https://api.runonflux.io'],
      hostInfoUrl: 'http://fluxnode.service:16101/hostinfo',
      hostAddress: null,
      advertisePorts: [],
    });
  });

  it('names the application, and the operator overrules it', () => {
    expect(node({ FLUX_APP_NAME: 'theirs' }).appName).toBe('theirs');
    expect(node({ APP_NAME: 'ours', FLUX_APP_NAME: 'theirs' }).appName).toBe('ours');
  });

  it('tells the address of the host, and is not taken at its word when that is none', () => {
    expect(node({ FLUX_NODE_HOST_IP: '203.0.113.7' }).hostAddress).toBe('203.0.113.7');
    expect(node({ FLUX_NODE_HOST_IP: 'undefined' }).hostAddress).toBeNull();
    expect(readLauncherSettings({ FLUX_NODE_HOST_IP: 'undefined' }).warnings).toEqual([
      'FLUX_NODE_HOST_IP is no IP address that other hosts could reach, and has no effect',
    ]);
    expect(readLauncherSettings({ FLUX_NODE_HOST_IP: '203.0.113.7' }).warnings).toEqual([]);
  });

  it('may have several addresses of its API', () => {
    const urls = 'https://a.example/, http://127.0.0.1:1234/api/';
    expect(node({ FLUX_API_URL: urls }).fluxApiUrls).toEqual([
      'https://a.example',
      'http://127.0.0.1:1234/api',
    ]);
  });

  it('is asked elsewhere by tests, without a warning', () => {
    const env = { REPRAM_HOSTINFO_URL: 'http://127.0.0.1:1/hostinfo' };
    expect(node(env).hostInfoUrl).toBe(env.REPRAM_HOSTINFO_URL);
    expect(readLauncherSettings(env).warnings).toEqual([]);
  });

  it('leads ports of its hosts to ports of the container', () => {
    const { advertisePorts } = node({ REPRAM_ADVERTISE_PORTS: '8082:38082,8081:38081' });
    expect(advertisePorts).toEqual([
      { containerPort: 8082, hostPort: 38082 },
      { containerPort: 8081, hostPort: 38081 },
    ]);
    expect(Object.isFrozen(advertisePorts)).toBe(true);
  });
});

describe('a setting of the platform', () => {
  it.each([
    ['APP_NAME', 'two words'],
    ['FLUX_API_URL', 'api.runonflux.io'],
    ['FLUX_API_URL', 'https://api.example,ftp://api.example'],
    ['FLUX_API_URL', 'https://user:word@api.example'],
    ['FLUX_API_URL', 'https://api.example?x=1'],
    ['REPRAM_ADVERTISE_PORTS', '38081'],
    ['REPRAM_ADVERTISE_PORTS', '8081:0'],
    ['REPRAM_ADVERTISE_PORTS', '8081:65536'],
    ['REPRAM_ADVERTISE_PORTS', '8081:38081,8081:38082'],
    ['REPRAM_ADVERTISE_PORTS', '8081:38081,8082:38081'],
    ['REPRAM_ADVERTISE_PORTS', '38081:8081'],
    ['REPRAM_CLUSTER_SECRET_FILE', '/does/not/exist'],
    ['REPRAM_CLUSTER_SECRET_FILE', '/dev/zero'],
  ])('is refused: %s=%s', (variable, text) => {
    expect(problems({ [variable]: text }).map((problem) => problem.variable)).toEqual([variable]);
  });

  it('keeps writes within what the gateway waits, where there is one', () => {
    const env = { REPRAM_WRITE_TIMEOUT_MS: '60000' };
    expect(problems(env)).toEqual([]);
    expect(problems({ ...env, FLUX_APP_NAME: 'app' }).map(({ variable }) => variable)).toEqual([
      'REPRAM_WRITE_TIMEOUT_MS',
    ]);
  });

  it('is reported together with every other problem', () => {
    const env = {
      REPRAM_CLUSTER_SECRET_FILE: '/does/not/exist',
      REPRAM_ADVERTISE_PORTS: 'x',
      NODE_COUNT: '0',
    };
    expect(
      problems(env)
        .map(({ variable }) => variable)
        .sort(),
    ).toEqual(['NODE_COUNT', 'REPRAM_ADVERTISE_PORTS', 'REPRAM_CLUSTER_SECRET_FILE']);
  });
});

describe('the file of the secret', () => {
  const directory = mkdtempSync(join(tmpdir(), 'repram-'));
  const path = join(directory, 'secret');

  afterAll(() => rmSync(directory, { recursive: true }));

  it('holds the secret and nothing else', () => {
    writeFileSync(path, '\n correct horse\n');
    expect(node({ REPRAM_CLUSTER_SECRET_FILE: path }).clusterSecret).toBe('correct horse');
  });

  it.each([
    ['is empty', ' \n', 'it is empty'],
    ['holds more than a secret', 'x'.repeat(1025), 'it has 1025 characters'],
    ['is far too large', 'x'.repeat(20_000), 'it has 20000 bytes'],
    ['has several lines', 'xx\nxx\n', 'it has several lines'],
    ['is no text', Buffer.from([0x78, 0x78, 0xff, 0xfe]), 'it is no UTF-8 text'],
  ])('is refused when it %s, and never shown', (_what, content, reason) => {
    writeFileSync(path, content);
    const [problem, ...others] = problems({ REPRAM_CLUSTER_SECRET_FILE: path });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ variable: 'REPRAM_CLUSTER_SECRET_FILE', given: JSON.stringify(path) });
    expect(problem.allowed).toContain(reason);
    expect(JSON.stringify(problem)).not.toContain('xx');
  });

  it('tells why it cannot be read', () => {
    expect(problems({ REPRAM_CLUSTER_SECRET_FILE: directory })[0].allowed).toContain('it is no file');
    expect(problems({ REPRAM_CLUSTER_SECRET_FILE: `${path}.no` })[0].allowed).toContain('ENOENT');
  });

  it('is one secret too many beside another', () => {
    writeFileSync(path, 'from the file');
    const found = problems({ REPRAM_CLUSTER_SECRET_FILE: path, REPRAM_CLUSTER_SECRET: 'from the variable' });
    expect(found.map(({ variable }) => variable)).toEqual(['REPRAM_CLUSTER_SECRET_FILE']);
    expect(JSON.stringify(found)).not.toContain('from the');
  });
});

it('texts of URLs and pairs are parsed or refused, never guessed', () => {
  expect(parseBaseUrl('https://a.example/x/')).toBe('https://a.example/x');
  expect(parsePortPairs('')).toEqual([]);
  expect(parsePortPairs('8081:38081:1')).toBeNull();
});
