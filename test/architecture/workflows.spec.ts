// The workflows that check a change and publish the image.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pathsBelow, PROJECT_ROOT, readProjectFile } from './project-files';
import { parseWorkflow, workflowProblems } from './workflows';
import type { Tree } from './workflows';

function isExecutable(path: string): boolean {
  try {
    accessSync(join(PROJECT_ROOT, path), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const project: Tree = { paths: pathsBelow(''), isExecutable };
const files = pathsBelow('.github/workflows').map((path) => readProjectFile(path));

describe('the workflows', () => {
  it('are the checks of a change, the analysis of the code and the image', () => {
    expect(files.map(({ path }) => path)).toEqual([
      '.github/workflows/ci.yml',
      '.github/workflows/codeql.yml',
      '.github/workflows/image.yml',
    ]);
  });

  it.each(files)('$path keeps to the rules', ({ text }) => {
    expect(workflowProblems(text, project)).toEqual([]);
  });

  it('run the checks on every supported Node.js', () => {
    const { jobs } = parseWorkflow(files[0].text);
    expect(jobs.checks).toMatchObject({ strategy: { matrix: { node: [20, 22, 24] } } });
  });

  it('publish from the branches and tags of the plan, and test before they publish', () => {
    const { on, jobs } = parseWorkflow(files[2].text);
    expect(on.push).toMatchObject({ branches: ['main', 'fade-deployment'], tags: ['v*'] });
    const steps = jobs.image.steps ?? [];
    const tests = steps.findIndex(({ run }) => run?.startsWith('fade/test-flux-sim.sh') ?? false);
    const pushes = steps.findIndex((step) => step.with?.push === true);
    expect(tests).toBeGreaterThan(0);
    expect(pushes).toBeGreaterThan(tests);
    expect(steps[pushes].with).toMatchObject({
      file: './Dockerfile.flux-sim',
      platforms: 'linux/amd64,linux/arm64',
      sbom: true,
      provenance: 'mode=max',
    });
  });
});

describe('what is fixed', () => {
  it('is kept up to date by a bot, for packages, the base image and actions alike', () => {
    const { updates } = parse(readProjectFile('.github/dependabot.yml').text) as {
      readonly updates: readonly Record<string, unknown>[];
    };
    expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'docker', 'github-actions']);
    for (const update of updates)
      expect(update).toMatchObject({ directory: '/', cooldown: { 'default-days': 7 } });
  });

  it('is installed without scripts of packages, wherever it is installed by itself', () => {
    const installing = ['.ci/run', 'Dockerfile.flux-sim', ...files.map(({ path }) => path)];
    const commands = installing.flatMap((path) => {
      return readProjectFile(path).text.match(/^(?!\s*#).*\bnpm (ci|i|install)\b.*$/gm) ?? [];
    });
    expect(commands.length).toBeGreaterThan(1);
    expect(commands.filter((command) => !command.includes('--ignore-scripts'))).toEqual([]);
  });
});

describe('the checker', () => {
  const sha = '0123456789abcdef0123456789abcdef01234567';
  const workflow = (steps: string, head = 'permissions:\n  contents: read\n'): string =>
    `on:\n  push:\n${head}jobs:\n  a:\n    timeout-minutes: 1\n    steps:\n${steps.replace(/^/gm, '      ')}\n`;
  const problems = (steps: string, head?: string): string[] =>
    workflowProblems(workflow(steps, head), {
      paths: ['a/run', 'a/text'],
      isExecutable: (path) => path === 'a/run',
    });

  it('accepts what keeps to the rules', () => {
    const steps = [
      `- uses: actions/checkout@${sha} # v5.0.0\n  with: { persist-credentials: false }`,
      '- run: a/run --quietly',
      `- uses: docker/login-action@${sha} # v3.6.0\n  if: github.event_name != 'pull_request'`,
    ];
    expect(problems(steps.join('\n'))).toEqual([]);
  });

  it.each([
    ['a tag instead of a commit', '- uses: some/action@v4', /not fixed by a commit/],
    ['a commit without its version', `- uses: some/action@${sha}`, /does not tell its version/],
    ['a secret in a shell', '- run: echo ${{ secrets.TOKEN }}', /put into a shell/],
    ['a script that is missing', '- run: b/run', /b\/run does not exist/],
    ['a script that cannot run', '- run: ./a/text', /not executable/],
    ['a token left behind', `- uses: actions/checkout@${sha} # v5.0.0`, /leaves its token/],
    [
      'a push from a pull request',
      `- uses: a/b@${sha} # v1.0.0\n  with: { push: true }`,
      /pull requests as well/,
    ],
  ])('reports %s', (_what, steps, problem) => {
    expect(problems(steps)).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    ['no permissions', ''],
    ['all permissions', 'permissions: write-all\n'],
    ['a write permission', 'permissions:\n  contents: read\n  packages: write\n'],
  ])('reports %s', (_what, head) => {
    expect(problems('- run: a/run', head)).toEqual(['permissions are not just contents: read']);
  });

  const analysis = (permissions: string, step: string): string[] =>
    problems(`- uses: ${step}`).concat(
      workflowProblems(
        workflow(`- uses: ${step}`).replace('    steps:', `    permissions: ${permissions}\n    steps:`),
        { paths: [], isExecutable: () => false },
      ),
    );

  it('lets the analysis, and nobody else, report its findings', () => {
    const findings = '{ contents: read, security-events: write }';
    const analyze = `github/codeql-action/analyze@${sha} # v4.0.0`;
    expect(analysis(findings, analyze)).toEqual([]);
    expect(analysis(findings, `some/action@${sha} # v4.0.0`)).toEqual(['a job grants more']);
    expect(analysis('{ contents: write }', analyze)).toEqual(['a job grants more']);
  });

  it('reports path filters that match nothing', () => {
    const text = workflow('- run: a/run').replace('push:', 'push:\n    paths: [a/**, "*", b/**, "a/r*"]');
    expect(workflowProblems(text, { paths: ['a/run'], isExecutable: () => true })).toEqual([
      'no file matches the path filter *',
      'no file matches the path filter b/**',
    ]);
  });

  it('refuses what is no YAML', () => {
    expect(() => workflowProblems('on: [push\njobs: {}', project)).toThrow();
    expect(() => workflowProblems('on: push\non: push', project)).toThrow(/unique/);
  });
});
