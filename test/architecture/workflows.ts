// What a GitHub workflow must keep to: actions fixed by commit, nothing granted that it does not
// need, no text of others and no secret in a shell, and only paths and scripts that exist.
import { parseDocument } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: unknown;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, { readonly paths?: readonly string[] } | null>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Tree {
  /** Files of the project, relative to its root. */
  readonly paths: readonly string[];
  readonly isExecutable: (path: string) => boolean;
}

const PINNED = /^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40}$/;
const NOT_FROM_PULL_REQUESTS = "github.event_name != 'pull_request'";

/** Parses strictly: YAML 1.2, no warnings, no doubled keys. Throws on anything else. */
export function parseWorkflow(text: string): Workflow {
  const document = parseDocument(text);
  const [problem] = [...document.errors, ...document.warnings];
  if ((problem as Error | undefined) !== undefined) throw problem;
  return document.toJS() as Workflow;
}

/** One sentence for each breach. */
export function workflowProblems(text: string, tree: Tree): string[] {
  const workflow = parseWorkflow(text);
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);
  return [
    ...grantProblems(workflow),
    ...pinProblems(text),
    ...filterProblems(workflow, tree.paths),
    ...jobs.filter((job) => job['timeout-minutes'] === undefined).map(() => 'a job has no timeout-minutes'),
    ...steps.flatMap(stepProblems),
    ...steps.flatMap(({ run }) => scriptProblems(run ?? '', tree)),
  ];
}

function grantProblems({ on, permissions, jobs }: Workflow): string[] {
  const problems: string[] = [];
  if (JSON.stringify(permissions) !== '{"contents":"read"}')
    problems.push('permissions are not just contents: read');
  if (Object.values(jobs).some(grantsMore)) problems.push('a job grants more');
  if ('pull_request_target' in on)
    problems.push('pull_request_target runs the code of strangers with secrets');
  return problems;
}

/**
 * To put its findings into the repository's list is all that a job may be allowed, and only the
 * analysis.
 */
function grantsMore({ permissions, steps = [] }: Job): boolean {
  if (permissions === undefined) return false;
  const isAnalysis = steps.every(({ run, uses = '' }) => {
    return run === undefined && /^(actions\/checkout|github\/codeql-action\/(init|analyze))@/.test(uses);
  });
  return !isAnalysis || JSON.stringify(permissions) !== '{"contents":"read","security-events":"write"}';
}

/** Looks at the text, because the version stands in a comment. */
function pinProblems(text: string): string[] {
  const uses = [...text.matchAll(/^\s*(?:- )?uses: *(\S+)(.*)$/gm)];
  return uses.flatMap(([, action, comment]) => {
    if (!PINNED.test(action)) return [`${action} is not fixed by a commit`];
    return /^ # v\d+\.\d+\.\d+$/.test(comment) ? [] : [`${action} does not tell its version`];
  });
}

function filterProblems({ on }: Workflow, paths: readonly string[]): string[] {
  const patterns = Object.values(on).flatMap((event) => event?.paths ?? []);
  return patterns
    .filter((pattern) => !paths.some((path) => globPattern(pattern).test(path)))
    .map((pattern) => `no file matches the path filter ${pattern}`);
}

/** `**` is any path, `*` anything but a slash. */
function globPattern(glob: string): RegExp {
  const parts = glob
    .split('**')
    .map((part) => part.replace(/[.+^$()[\]{}|\\?]/g, '\\$&').replaceAll('*', '[^/]*'));
  return new RegExp(`^${parts.join('.*')}$`);
}

function stepProblems(step: Step): string[] {
  const { uses = '', run = '', with: inputs = {} } = step;
  const problems: string[] = [];
  if (run.includes('${{')) problems.push(`an expression is put into a shell: ${run.trim()}`);
  if (uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false)
    problems.push('checkout leaves its token behind');
  const publishes = uses.startsWith('docker/login-action@') || inputs.push === true;
  if (publishes && step.if !== NOT_FROM_PULL_REQUESTS)
    problems.push(`${uses} runs for pull requests as well`);
  return problems;
}

/** Whatever looks like a path in a shell line must be an executable file of the project. */
function scriptProblems(run: string, { paths, isExecutable }: Tree): string[] {
  const scripts = run.match(/(?<=^|\s)\.?\/?[\w.-]+\/[\w./-]+/gm) ?? [];
  return scripts.flatMap((script) => {
    const path = script.replace(/^\.\//, '');
    if (!paths.includes(path)) return [`${script} does not exist`];
    return isExecutable(path) ? [] : [`${script} is not executable`];
  });
}
