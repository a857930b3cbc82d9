// What is in monitoring/, in a Prometheus that scrapes real nodes: every rule is evaluated, and
// every query of the dashboard gives something.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { portRange } from '../support/processes/ports';

const MONITORING = join(__dirname, '../../monitoring');

interface Configuration {
  readonly global: Record<string, string>;
  readonly scrape_configs: { readonly static_configs: { targets: string[] }[] }[];
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const problem = spawnSync('prometheus', ['--version']).error === undefined ? null : 'it is not installed';
const possible = possibleWith('prometheus', problem);

describe('a Prometheus', () => {
  const cluster = new Cluster();
  const folder = mkdtempSync(join(tmpdir(), 'repram-prometheus-'));
  let place = '';
  let launched: Launched;

  beforeAll(async () => {
    if (problem !== null) return;
    launched = await Launched.start(cluster);
    cpSync(join(MONITORING, 'alerts.yml'), join(folder, 'alerts.yml'));
    const configuration = parse(readFileSync(join(MONITORING, 'prometheus.yml'), 'utf8')) as Configuration;
    configuration.global.scrape_interval = '1s';
    configuration.global.evaluation_interval = '1s';
    configuration.scrape_configs[0].static_configs[0].targets = launched.ports.map(
      (port) => `127.0.0.1:${port}`,
    );
    writeFileSync(join(folder, 'prometheus.yml'), stringify(configuration));
    place = `127.0.0.1:${await portRange(1)}`;
    const [config, data] = [join(folder, 'prometheus.yml'), join(folder, 'data')];
    const options = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=${place}`,
    ];
    cluster.run(['prometheus', ...options]);
  });
  afterAll(async () => {
    await cluster.cleanUp();
    rmSync(folder, { recursive: true, force: true });
  });

  async function asked<T>(path: string): Promise<T> {
    const { status, data } = (await (await fetch(`http://${place}/api/v1/${path}`)).json()) as {
      status: string;
      data: T;
    };
    if (status !== 'success') throw new Error(`${path}: ${status}`);
    return data;
  }

  possible('evaluates every rule, and no alert fires for nodes that are well', async () => {
    interface Rule {
      readonly name: string;
      readonly health: string;
      readonly state: string;
    }
    const rules = await until(async (): Promise<readonly Rule[]> => {
      const { groups } = await asked<{ groups: readonly { rules: readonly Rule[] }[] }>('rules');
      const all = groups.flatMap((group) => group.rules);
      return all.length > 10 && all.every(({ health }) => health !== 'unknown')
        ? all
        : Promise.reject(new Error('not yet'));
    }, 'all rules are evaluated');
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.filter(({ state }) => state === 'firing')).toEqual([]);
  });

  possible('has a result for every query of the dashboard', async () => {
    const dashboard = JSON.parse(
      readFileSync(join(MONITORING, 'grafana/dashboards/repram.json'), 'utf8'),
    ) as { panels: readonly Panel[] };
    const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ title, expr })),
    );
    expect(queries.length).toBeGreaterThan(30);
    const ofAll = (expr: string): string =>
      expr.replaceAll('$__rate_interval', '30s').replaceAll('$job', 'repram').replaceAll('$instance', '.*');
    let empty: readonly string[] = [];
    await until(async () => {
      const node = `http://127.0.0.1:${launched.base}`;
      await fetch(`${node}/data/shown?ttl=600`, { method: 'PUT', body: 'value' });
      await fetch(`${node}/data/shown?ttl=never`, { method: 'PUT', body: 'value' });
      const found = await Promise.all(
        queries.map(({ expr }) =>
          asked<{ result: readonly unknown[] }>(`query?query=${encodeURIComponent(ofAll(expr))}`),
        ),
      );
      empty = queries
        .filter((_, at) => found[at].result.length === 0)
        .map(({ title, expr }) => `${title}: ${expr}`);
      return empty.length === 0;
    }, 'every query has a result').catch(() => undefined);
    expect(empty).toEqual([]);
  });
});
