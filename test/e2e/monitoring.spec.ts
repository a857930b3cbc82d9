// What operators see on a wall, against what nodes tell: docs/metrics.md, monitoring/ and GET
// /metrics name the same things. promtool judges the rules where it is installed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { possibleWith } from '../support/basics/possible';
import { startNetwork, type Network } from '../support/processes/network';

const ROOT = join(__dirname, '../..');
const METRIC = /\brepram_[a-z_]+/g;
/** What Prometheus appends to the name of a histogram or summary. */
const SERIES = /_(bucket|sum|count)$/;

interface Family {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function promtool(args: readonly string[], input = ''): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    cwd: join(ROOT, 'monitoring'),
    input,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

const missing = spawnSync('promtool', ['--version']).error?.message ?? null;
const judged = possibleWith('promtool', missing);

/** Families as /metrics declares them, with the labels that its samples have. */
function familiesOf(text: string): Family[] {
  const samples = text.split('\n').filter((line) => !line.startsWith('#'));
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => {
    const own = samples.filter((line) => line.split(/[ {]/)[0].replace(SERIES, '') === name);
    const labels = own.flatMap((line) => [...line.matchAll(/([a-z_]+)="/g)].map(([, label]) => label));
    return { name, type, labels: [...new Set(labels)].sort() };
  });
}

/** Families as the tables of docs/metrics.md name them. */
function documentedFamilies(): Family[] {
  const rows = textOf('docs/metrics.md').matchAll(/^\| `(repram_\w+)` \| (\w+) \| ([^|]*)\|/gm);
  return [...rows].map(([, name, type, labels]) => {
    return { name, type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).sort() };
  });
}

/** Labels that say of which kind something is. */
const FEW = ['state', 'outcome', 'reason', 'how', 'holder', 'kind'];

/** What the meaning of a family names. Codes of problems have a table of their own. */
function documentedValues(name: string): string[] {
  const [, meaning] =
    new RegExp(String.raw`^\| \`${name}\` \|[^|]*\|[^|]*\|(.*)\|$`, 'm').exec(textOf('docs/metrics.md')) ??
    [];
  return [...meaning.matchAll(/(?<!\d )`([\w-]+)`/g)].map(([, value]) => value).sort();
}

const byName = (a: Family, b: Family): number => (a.name < b.name ? -1 : 1);

describe('monitoring', () => {
  let network: Network;
  let metrics = '';
  let families: readonly Family[] = [];

  beforeAll(async () => {
    network = await startNetwork(2);
    const put = await fetch(`${network.urls[0]}/data/k?ttl=600`, { method: 'PUT', body: 'value' });
    expect(put.status).toBe(201);
    metrics = await (await fetch(`${network.urls[0]}/metrics`)).text();
    families = familiesOf(metrics);
  });
  afterAll(async () => network.stop());

  /** Names and label selectors of an expression that no node's metrics have. */
  function unknownIn(expr: string): string[] {
    const known = new Map(families.map((family) => [family.name, family]));
    const names = [...expr.matchAll(METRIC)].map(([name]) => name);
    const strange = names.filter((name) => !known.has(name) && !known.has(name.replace(SERIES, '')));
    const selectors = [...expr.matchAll(/(repram_[a-z_]+)\{([^}]*)\}/g)].flatMap(([, name, selector]) => {
      const labels = [...selector.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label);
      const own = known.get(name) ?? known.get(name.replace(SERIES, ''));
      const added = ['job', 'instance'];
      return labels
        .filter((label) => own?.labels.includes(label) === false && !added.includes(label))
        .map((label) => `${name}{${label}}`);
    });
    return [...strange, ...selectors];
  }

  it('has every metric of a node, its type and its labels in docs/metrics.md, and no other', () => {
    expect(documentedFamilies().sort(byName)).toEqual([...families].sort(byName));
  });

  it('has every value of a label with few values in docs/metrics.md, and no other', () => {
    const counted = families.filter(({ labels }) => labels.length === 1 && FEW.includes(labels[0]));
    expect(counted.length).toBeGreaterThan(8);
    for (const { name } of counted) {
      const shown = [...metrics.matchAll(new RegExp(String.raw`^${name}\{\w+="([\w-]+)"\}`, 'gm'))];
      expect([name, documentedValues(name)]).toEqual([name, shown.map(([, value]) => value).sort()]);
    }
  });

  it('shows on the dashboard only what nodes tell, and in each panel something', () => {
    const { panels } = JSON.parse(textOf('monitoring/grafana/dashboards/repram.json')) as {
      panels: readonly (Panel & { readonly type: string })[];
    };
    const drawn = panels.filter(({ type }) => type !== 'row');
    expect(drawn.length).toBeGreaterThan(20);
    for (const { title, targets = [] } of drawn) {
      expect([title, targets.length > 0]).toEqual([title, true]);
      for (const { expr } of targets) {
        expect([title, expr.match(METRIC)]).not.toEqual([title, null]);
        expect([title, unknownIn(expr)]).toEqual([title, []]);
      }
    }
  });

  it('alerts only of what nodes tell, says what to do, and tests each alert', () => {
    const { groups } = parse(textOf('monitoring/alerts.yml')) as { groups: { rules: Rule[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    const tests = textOf('monitoring/alerts.test.yml');
    expect(rules.length).toBeGreaterThan(10);
    for (const { alert, expr, annotations } of rules) {
      expect([alert, unknownIn(expr)]).toEqual([alert, []]);
      expect([alert, Object.keys(annotations)]).toEqual([alert, ['summary', 'description']]);
      expect([alert, tests.includes(alert)]).toEqual([alert, true]);
    }
  });

  it('scrapes the ports that a container gives out', () => {
    const { scrape_configs: jobs } = parse(textOf('monitoring/prometheus.yml')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const ports = Array.from({ length: 10 }, (_, i) => `flux-sim:${8081 + i}`);
    expect(jobs.map(({ job_name, static_configs }) => [job_name, static_configs[0].targets])).toEqual([
      ['repram', ports],
    ]);
  });

  judged('has metrics whose names and types promtool finds nothing wrong with', () => {
    expect(promtool(['check', 'metrics'], metrics)).toEqual({ status: 0, said: '' });
  });

  judged('has rules that promtool reads and whose tests pass', () => {
    for (const args of [
      ['check', 'config', 'prometheus.yml'],
      ['test', 'rules', 'alerts.test.yml'],
    ]) {
      const { status, said } = promtool(args);
      expect([args, status, /FAILED/.exec(said)]).toEqual([args, 0, null]);
    }
  });
});
