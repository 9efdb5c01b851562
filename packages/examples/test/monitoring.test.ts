// What docker/monitoring asks of Prometheus against what the processes really show.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { getPage, root } from './pages.ts';
import { startProcess } from './processes.ts';
import type { RunningProcess } from './processes.ts';

type Rule = { readonly alert: string; readonly expr: string; readonly annotations: { readonly summary: string } };
type Alerts = { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
type Panel = { readonly title: string; readonly targets: readonly { readonly expr: string }[] };
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

/** Names of series in an expression; `up` is Prometheus's own. */
function metricsIn(expr: string): readonly string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|without)\s*\([^)]*\)/g, ' ');
  return (bare.match(/\b[a-z_]+[a-z0-9_]*\b(?!\s*\()/g) ?? []).filter((name) => name.includes('_') && name !== 'up');
}

describe('the monitoring of the compose file', () => {
  const shown = new Set<string>();
  const processes: RunningProcess[] = [];
  const database = useTestDatabase();
  before(async () => {
    for (const app of ['api', 'worker'] as const) processes.push(await startProcess(app, database().url));
    for (const { url } of processes) {
      const text = await (await fetch(`${url}/metrics`)).text();
      for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
        shown.add(name);
        if (type === 'histogram') for (const part of ['bucket', 'sum', 'count']) shown.add(`${name}_${part}`);
      }
    }
  });
  after(() => Promise.all(processes.map((one) => one.stop())));

  it('alerts on metrics that the processes have', () => {
    for (const { alert, expr } of rules) {
      const names = metricsIn(expr);
      if (!expr.startsWith('up{')) expect(names, alert).to.not.be.empty;
      for (const name of names) expect(shown, `${alert}: ${name}`).to.include(name);
    }
  });

  it('draws metrics that the processes have', () => {
    for (const { title, targets } of panels) {
      const names = targets.flatMap(({ expr }) => (expr.startsWith('up{') ? [] : metricsIn(expr)));
      expect(names, title).to.not.be.empty;
      for (const name of names) expect(shown, `${title}: ${name}`).to.include(name);
    }
  });

  it('draws every metric of the product', () => {
    const exprs = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join(' ');
    const own = [...shown].filter((name) => name.startsWith('studyin_') && !/_(bucket|sum|count)$/.test(name));
    expect(own).to.have.length.above(10);
    expect(own.filter((name) => !exprs.includes(name))).to.deep.equal([]);
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
  });
});
