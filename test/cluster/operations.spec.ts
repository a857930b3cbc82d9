// What docs/operations.md tells people to type, typed: its blocks run in their order against real
// launchers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portsFrom, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { onPorts, shellBlocks, startVariables } from '../support/documents/shell-blocks';
import type { ShellBlock } from '../support/documents/shell-blocks';
import type { TestProcess } from '../support/processes/test-process';
import { type } from '../support/documents/typed-commands';

const document = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
const blocks = shellBlocks(document);

describe('docs/operations.md', () => {
  const cluster = new Cluster();
  let base: number;
  let first: TestProcess;

  beforeAll(async () => {
    base = await portRange(10);
    first = cluster.startLauncher({ base });
    await untilMesh(portsFrom(base, 3));
  });

  afterAll(() => cluster.cleanUp());

  async function perform(block: ShellBlock): Promise<void> {
    if (block.kind === 'start') {
      const { NODE_COUNT = '3', ...env } = startVariables(block.script);
      cluster.startLauncher({ base, nodes: Number(NODE_COUNT), env });
      return;
    }
    const environment = { PATH: process.env.PATH ?? '', FIRST: String(first.pid) };
    await type(block, { environment, local: (text) => onPorts(text, base) });
  }

  it('has blocks to run', () => {
    expect(blocks.length).toBeGreaterThan(5);
  });

  it.each(blocks.map((block, index) => ({ title: `${index + 1} (${block.kind})`, block })))(
    'block $title does what it says',
    ({ block }) => perform(block),
  );

  it('leaves nothing of the launcher that was told to stop', async () => {
    expect(await first.exited).toEqual({ code: 0, signal: null });
  });
});
