// What docs/operations.md tells people to type, typed: its blocks run in their order against real launchers.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portsFrom, untilMesh } from '../support/calls';
import { Cluster } from '../support/cluster';
import { portRange } from '../support/ports';
import { onPorts, shellBlocks, startVariables } from '../support/shell-blocks';
import type { ShellBlock } from '../support/shell-blocks';
import type { TestProcess } from '../support/test-process';
import { until } from '../support/until';

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

  /** Standard output; rejects when the exit code is not 0. */
  function bash(script: string): Promise<string> {
    const ports = onPorts(script, base);
    const environment = { PATH: process.env.PATH ?? '', FIRST: String(first.pid) };
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', ports], { env: environment, timeout: 10_000 });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.once('close', (code) => {
        if (code === 0) resolve(output);
        else reject(new Error(`exit code ${code ?? 'none'}; printed: ${output}`));
      });
    });
  }

  async function perform({ kind, script, prints }: ShellBlock): Promise<void> {
    if (kind === 'start') {
      const { NODE_COUNT = '3', ...env } = startVariables(script);
      cluster.startLauncher({ base, nodes: Number(NODE_COUNT), env });
      return;
    }
    const attempt = async (): Promise<boolean> => {
      const output = await bash(script);
      const missing = prints.map((text) => onPorts(text, base)).filter((text) => !output.includes(text));
      if (missing.length > 0) throw new Error(`it does not print ${missing.join(', ')} but ${output}`);
      return true;
    };
    if (kind === 'once') await attempt();
    else await until(attempt, script, 40_000);
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
