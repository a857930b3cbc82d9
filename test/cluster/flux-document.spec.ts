// What docs/flux.md tells people to type, typed: three nodes on loopback with the environment of
// flux/app.v8.json stand for an instance, a stand-in for curl leads the gateway's names to their
// ports, and a small server is the platform's list.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { portsFrom, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { onPorts, shellBlocks } from '../support/documents/shell-blocks';
import { type } from '../support/documents/typed-commands';

const ROOT = join(__dirname, '../..');
const document = readFileSync(join(ROOT, 'docs/flux.md'), 'utf8');
const blocks = shellBlocks(document);

/** As the platform answers: with and without the port of its API, and one machine twice. */
const LOCATION = {
  status: 'success',
  data: ['127.0.0.1:16137', '127.0.0.1', '127.0.0.1:16137'].map((ip) => ({ name: 'faderepram', ip })),
};

/** What flux/app.v8.json gives a container, on the ports of the test. */
function environmentOfTheApp(base: number): Record<string, string> {
  const app = JSON.parse(readFileSync(join(ROOT, 'flux/app.v8.json'), 'utf8')) as {
    readonly compose: readonly { readonly environmentParameters: readonly string[] }[];
  };
  const items = app.compose[0].environmentParameters.map((item) => onPorts(item, base).split('='));
  return Object.fromEntries(items) as Record<string, string>;
}

describe('docs/flux.md', () => {
  const cluster = new Cluster();
  let base: number;
  let directory: string;
  let api: Server;
  let environment: Record<string, string>;

  beforeAll(async () => {
    base = await portRange(10);
    const apiPort = base + 9;
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    directory = mkdtempSync(join(ROOT, '.cache', 'flux-document-'));
    const stub = join(ROOT, 'test', 'support', 'fakes', 'stub-curl.cjs');
    chmodSync(stub, 0o755);
    symlinkSync(stub, join(directory, 'curl'));
    api = createServer(({ url }, response) => {
      response.end(JSON.stringify(url === '/apps/location/faderepram' ? LOCATION : { status: 'error' }));
    });
    await new Promise<void>((resolve) => api.listen(apiPort, '127.0.0.1', resolve));
    environment = {
      PATH: `${directory}:${process.env.PATH ?? ''}`,
      STUB_PLACES: JSON.stringify({
        'https://faderepram.app.runonflux.io': `http://127.0.0.1:${base}`,
        'https://faderepram_38082.app.runonflux.io': `http://127.0.0.1:${base + 1}`,
        'https://fade.repram.io': `http://127.0.0.1:${base}`,
        'https://api.runonflux.io': `http://127.0.0.1:${apiPort}`,
      }),
    };
    cluster.startLauncher({ base, env: environmentOfTheApp(base) });
    await untilMesh(portsFrom(base, 3));
  });

  afterAll(async () => {
    await cluster.cleanUp();
    await new Promise((resolve) => api.close(resolve));
    rmSync(directory, { recursive: true });
  });

  /**
   * Host ports of nodes, their address, and the files that commands write. Gateway names keep their
   * port.
   */
  const local = (text: string): string =>
    text
      .replace(/(?<!_)\b380(8[1-3])\b/g, (_port, last: string) => String(base + Number(last) - 81))
      .replaceAll('NODE_IP', '127.0.0.1')
      .replace(/(?<![\w./-])[\w-]+\.json\b/g, (name) => join(directory, name));

  it('has blocks to run, all of which are run', () => {
    expect(blocks.length).toBeGreaterThan(6);
    expect(blocks.map(({ kind }) => kind)).not.toContain('start');
    expect(document.split('```')).toHaveLength(2 * blocks.length + 1);
  });

  it.each(blocks.map((block, index) => ({ title: `${index + 1} (${block.kind})`, block })))(
    'block $title does what it says',
    ({ block }) => type(block, { environment, local, limitMs: 60_000 }),
  );
});
