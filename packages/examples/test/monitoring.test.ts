// What docker/monitoring asks of Prometheus against what the processes really show.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { getPage, root } from './pages.ts';
import { startProcess } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import { selectorsIn } from './promql.ts';
import type { Selector } from './promql.ts';
import { seriesIn } from './shown-metrics.ts';
import type { Series } from './shown-metrics.ts';

type Rule = { readonly alert: string; readonly expr: string; readonly annotations: { readonly summary: string } };
type Alerts = { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
type Target = { readonly refId: string; readonly expr: string; readonly legendFormat: string };
type Panel = {
  readonly id: number;
  readonly title: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: readonly Target[];
};
type Service = { readonly image?: string; readonly profiles?: readonly string[]; readonly volumes?: readonly string[] };

const read = (file: string): string => readFileSync(join(root, 'docker', file), 'utf8');
const { groups } = parse(read('monitoring/alerts.yml')) as Alerts; // as: our own file
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read('monitoring/grafana/dashboards/studyin.json')) as {
  readonly panels: readonly Panel[];
};
const { services } = parse(read('compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const prometheus = parse(read('monitoring/prometheus.yml')) as {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
};
const { datasources } = parse(read('monitoring/grafana/provisioning/datasources/prometheus.yml')) as {
  readonly datasources: readonly Panel['datasource'][];
};
const { providers } = parse(read('monitoring/grafana/provisioning/dashboards/studyin.yml')) as {
  readonly providers: readonly { readonly options: { readonly path: string } }[];
};

/** What Prometheus itself adds to each series. */
const added = ['job', 'instance'];
const asked = [
  ...rules.map(({ alert, expr, annotations }) => ({ name: alert, expr, text: annotations.summary })),
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => ({ name: title, expr, text: legendFormat })),
  ),
].map((one) => ({ ...one, selectors: selectorsIn(one.expr) }));

/** The functions that take what only grows, and those that take what also falls. */
const ofCounters = ['rate', 'increase', 'irate'];
const ofGauges = ['delta', 'deriv', 'min_over_time', 'max_over_time', 'avg_over_time'];

/** What is wrong with asking so for such a series. */
function faultsOf({ metric, matched, functions, groupings }: Selector, { type, labels }: Series): readonly string[] {
  const unknown = [...matched, ...groupings.flat()].filter((label) => ![...labels, ...added].includes(label));
  const misused = functions.filter((one) => (type === 'counter' ? ofGauges : ofCounters).includes(one));
  const isOfBuckets = functions.includes('histogram_quantile');
  return [
    ...unknown.map((label) => `${metric} has no label ${label}`),
    ...misused.map((one) => `${one} of ${metric}, a ${type}`),
    ...(isOfBuckets !== metric.endsWith('_bucket') ? [`${metric} and histogram_quantile belong together`] : []),
    ...(isOfBuckets && !groupings.every((one) => one.includes('le')) ? [`${metric} is summed over le`] : []),
  ];
}

const unitOf = ({ targets }: Panel): string | undefined => {
  const names = targets.flatMap(({ expr }) => selectorsIn(expr).map(({ metric }) => metric));
  if (names.some((name) => /_seconds(_bucket)?$/.test(name))) return 's';
  return names.some((name) => name.endsWith('_bytes')) ? 'bytes' : undefined;
};

describe('the monitoring of the compose file', () => {
  let shown: ReadonlyMap<string, Series>;
  const processes: RunningProcess[] = [];
  const database = useTestDatabase();
  before(async () => {
    for (const app of ['api', 'worker'] as const) processes.push(await startProcess(app, database().url));
    const texts = await Promise.all(processes.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    shown = new Map([...seriesIn(texts), ['up', { type: 'gauge', labels: [] }]]);
  });
  after(() => Promise.all(processes.map((one) => one.stop())));

  it('asks for what the processes show, by labels it has, with functions for its type', () => {
    for (const { name, selectors } of asked) {
      for (const selector of selectors) {
        const series = shown.get(selector.metric);
        if (series === undefined) expect.fail(`${name}: nothing shows ${selector.metric}`);
        expect(faultsOf(selector, series), name).to.deep.equal([]);
      }
    }
  });

  it('names only labels that are left in legends and summaries', () => {
    for (const { name, text, selectors } of asked) {
      const named = [...text.matchAll(/\{\{ ?\$?(?:labels\.)?(\w+) ?\}\}/g)].map(([, label = '']) => label);
      for (const { metric, groupings } of selectors) {
        const left = groupings[0] ?? [...(shown.get(metric)?.labels ?? []), ...added];
        expect(left, name).to.include.members(named);
      }
    }
  });

  it('gets series whose labels Prometheus leaves as they are', () => {
    const own = [...shown].filter(([name]) => name.startsWith('studyin_'));
    expect(own).to.have.length.above(10);
    expect(own.filter(([, { labels }]) => labels.some((label) => added.includes(label)))).to.deep.equal([]);
  });

  it('draws every metric of the product', () => {
    const drawn = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join(' ');
    const own = [...shown.keys()].filter((name) => name.startsWith('studyin_'));
    expect(own.filter((name) => !drawn.includes(name.replace(/_(bucket|sum|count)$/, '')))).to.deep.equal([]);
  });

  it('draws in the unit of the metric, from the source that is provisioned, one panel beside the other', () => {
    const [source] = datasources;
    const cells = new Set<string>();
    for (const panel of panels) {
      const { title, datasource, gridPos, targets, fieldConfig } = panel;
      expect(datasource, title).to.deep.equal({ type: source?.type, uid: source?.uid });
      expect(new Set(targets.map(({ refId }) => refId)), title).to.have.property('size', targets.length);
      const { unit } = fieldConfig.defaults;
      expect(['s', 'bytes'].includes(unit) ? unit : undefined, title).to.equal(unitOf(panel));
      expect(gridPos.x + gridPos.w, title).to.be.at.most(24);
      for (let x = 0; x < gridPos.w; x += 1) {
        for (let y = 0; y < gridPos.h; y += 1) cells.add(`${gridPos.x + x} ${gridPos.y + y}`);
      }
    }
    expect(cells).to.have.property(
      'size',
      panels.map(({ gridPos: { w, h } }) => w * h).reduce((a, b) => a + b),
    );
    expect(new Set(panels.map(({ id }) => id))).to.have.property('size', panels.length);
  });

  it('alerts as docker/monitoring/alerts.test.yml says, where promtool is installed', function () {
    const [promtool, ...args] = ['promtool', 'test', 'rules', 'alerts.test.yml'] as const;
    const { error, status, stdout, stderr } = spawnSync(promtool, args, {
      cwd: join(root, 'docker/monitoring'),
      encoding: 'utf8',
    });
    if (error !== undefined) this.skip();
    expect(status, stdout + stderr).to.equal(0);
  });

  it('tries each alert in alerts.test.yml', () => {
    const tried = read('monitoring/alerts.test.yml');
    for (const { alert } of rules) expect(tried, alert).to.match(new RegExp(`alertname: ${alert}\\n`));
  });

  it('is what the operations page says of alerts', () => {
    const { text } = getPage('docs/operations.md');
    for (const { alert } of rules) expect(text, alert).to.include(`\`${alert}\``);
  });

  it('scrapes services of the compose file, mounts files that exist and starts only by its profile', () => {
    const targets = prometheus.scrape_configs.flatMap(({ static_configs: configs }) =>
      configs.flatMap((one) => one.targets),
    );
    for (const target of targets) expect(services).to.have.property(target.replace(/:\d+$/, ''));
    for (const name of ['prometheus', 'grafana']) {
      const { image, profiles, volumes = [] } = services[name] ?? {};
      expect(profiles, name).to.deep.equal(['monitoring']);
      expect(image, name).to.match(/:v?\d+\.\d+\.\d+$/);
      for (const volume of volumes.filter((one) => one.startsWith('./'))) {
        const [source = ''] = volume.split(':');
        expect(existsSync(join(root, 'docker', source)), volume).to.equal(true);
      }
    }
    expect(services['prometheus']?.volumes?.join(' ')).to.include(prometheus.rule_files[0]);
    const mounted = (services['grafana']?.volumes ?? []).map((volume) => volume.split(':')[1]);
    expect(mounted).to.include.members(
      ['datasources', 'dashboards'].map((name) => `/etc/grafana/provisioning/${name}`),
    );
    expect(mounted).to.include.members(providers.map(({ options }) => options.path));
  });
});
