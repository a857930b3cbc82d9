// The plan's test as a person runs it: against the built launcher, and against docker compose,
// which a stand-in plays. Its exit code must be true, and nothing may stay behind whatever goes
// wrong.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { call } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import type { Environment } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

const ROOT = join(__dirname, '../..');
const SCRIPT = join(ROOT, 'fade', 'test-flux-sim.sh');
const STUB = join(ROOT, 'test', 'support', 'fakes', 'stub-docker.cjs');

const cluster = new Cluster();
let directory: string;
let base: number;

beforeEach(async () => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  directory = mkdtempSync(join(ROOT, '.cache', 'flux-sim-'));
  base = await portRange(10);
});

afterEach(async () => {
  await cluster.cleanUp();
  rmSync(directory, { recursive: true });
});

interface Run {
  readonly code: number | null;
  readonly passed: number;
  readonly failed: readonly string[];
  readonly process: TestProcess;
}

async function run(args: readonly string[], env: Environment): Promise<Run> {
  const path = `${directory}:${process.env.PATH ?? ''}`;
  const started = cluster.run(['bash', SCRIPT, ...args], { PATH: path, BASE_PORT: String(base), ...env });
  const { code } = await started.exited;
  const lines = started.otherOutput;
  return {
    code,
    passed: lines.filter((line) => line.startsWith('  ok ')).length,
    failed: lines.filter((line) => line.startsWith('  FAILED ')).map((line) => line.slice(10)),
    process: started,
  };
}

describe('test-flux-sim.sh --local', () => {
  it('passes when three nodes form, replicate and stop, and leaves nothing behind', async () => {
    const { code, passed, failed, process } = await run(['--local'], {});
    expect({ code, passed, failed }).toEqual({ code: 0, passed: 14, failed: [] });
    expect(process.otherOutput).toContain('All checks passed.');
    expect(process.survivors()).toEqual([]);
  });

  it('fails at once when the launcher refuses its settings', async () => {
    const { code, failed, process } = await run(['--local'], { NODE_COUNT: '11' });
    expect(code).toBe(1);
    expect(failed).toEqual(['what was started has ended']);
    expect(process.otherOutput.join('\n')).toContain('NODE_COUNT');
    expect(process.survivors()).toEqual([]);
  });

  it('goes around a port that something else holds, and fails when writes do not reach the quorum', async () => {
    const foreign = await listenOn(base + 1);
    const { code, passed, failed, process } = await run(['--local'], { REPRAM_EXPECTED_HOSTS: '3' });
    await new Promise((resolve) => foreign.close(resolve));
    expect({ code, passed, failed }).toEqual({
      code: 1,
      passed: 12,
      failed: [`PUT on ${base}: 201; the answer is 202`, `PUT on ${base + 3}: 201; the answer is 202`],
    });
    expect(process.survivors()).toEqual([]);
  });

  it('takes the nodes down when it is interrupted', async () => {
    const started = cluster.run(['bash', SCRIPT, '--local'], {
      PATH: process.env.PATH ?? '',
      BASE_PORT: String(base),
      READY_WITHIN_S: '30',
      NODE_COUNT: '2',
      REPRAM_LOG_LEVEL: 'silent',
    });
    await until(async () => (await call(base, '/health/live')).status === 200, 'a node runs');
    started.signal('SIGTERM');
    expect((await started.exited).code).not.toBe(0);
    await until(() => started.survivors().length === 0, 'nothing is left');
  });
});

describe('test-flux-sim.sh with docker compose', () => {
  const stubbed = (fault: string): Environment => ({
    STUB_DIRECTORY: directory,
    STUB_LAUNCHER: join(ROOT, 'dist', 'launcher.js'),
    STUB_FAULT: fault,
    READY_WITHIN_S: '30',
  });
  const note = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const calls = (): string[] =>
    note('calls')
      .trim()
      .split('\n')
      .map((line) => line.replace(/--project-name flux-sim-\d+ --file docker-compose.yml /, ''));
  const container = (): number => Number(existsSync(join(directory, 'pid')) ? note('pid') : 0);

  function containerRuns(): boolean {
    try {
      return container() > 0 && process.kill(container(), 0);
    } catch {
      return false;
    }
  }

  beforeEach(() => {
    chmodSync(STUB, 0o755);
    symlinkSync(STUB, join(directory, 'docker'));
  });

  afterEach(() => {
    if (containerRuns()) process.kill(container(), 'SIGKILL');
  });

  it('builds, checks, stops and removes the container', async () => {
    const { code, passed, failed } = await run([], stubbed(''));
    expect({ code, passed, failed }).toEqual({ code: 0, passed: 14, failed: [] });
    expect(calls()).toContain('compose up --detach --build');
    expect(calls().at(-1)).toBe('compose down --volumes --timeout 10');
    expect(containerRuns()).toBe(false);
  });

  it('checks an image that exists without building one', async () => {
    const { code } = await run(['--image', 'some/image:tag'], stubbed(''));
    expect(code).toBe(0);
    expect(calls()).toContain('compose up --detach --no-build');
  });

  it.each([
    ['no-compose', ['docker compose is missing; without Docker: --local'], false],
    ['no-engine', ['no Docker engine answers; without Docker: --local'], false],
    ['up', ['the container does not start'], true],
    ['ends', ['what was started has ended'], true],
    ['killed', ['SIGTERM: exit code 0; it was exit code 137'], true],
    ['down', ['the container is taken down'], true],
  ])('fails when %s goes wrong, and takes down what it started', async (fault, problems, started) => {
    const { code, failed } = await run([], stubbed(fault));
    expect({ code, failed }).toEqual({ code: 1, failed: problems });
    expect(calls().some((call) => call.startsWith('compose down'))).toBe(started);
    expect(containerRuns()).toBe(false);
  });
});

function listenOn(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((_request, response) => response.end('something else')).listen(
      port,
      '127.0.0.1',
      () => resolve(server),
    );
  });
}
