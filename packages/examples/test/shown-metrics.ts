// What the processes show to Prometheus: each series with its type and labels.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pages.ts';

export type Series = { readonly type: string; readonly labels: readonly string[] };

const definition = /name: '(\w+)',\s+help: '[^']*',\s+(?:\/\/[^\n]*\s+)?(?:labelNames: \[([^\]]*)\])?/g;

/** Labels of the product's metrics, by the source: many a series is there only after a first call or job. */
function labelsInSource(): ReadonlyMap<string, readonly string[]> {
  const files = globSync('{apps/{api,worker},packages/telemetry}/src/**/*.ts', { cwd: root });
  const sources = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  return new Map(
    [...sources.matchAll(definition)].map(([, name = '', labels = '']) => [name, labels.match(/\w+/g) ?? []]),
  );
}

/** Series by their names in texts of `/metrics`; of a histogram its three. */
export function seriesIn(texts: readonly string[]): ReadonlyMap<string, Series> {
  const declared = labelsInSource();
  const shown = new Map<string, Series>();
  for (const [, name = '', type = ''] of texts.join('\n').matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const labels = declared.get(name) ?? [];
    if (type !== 'histogram') shown.set(name, { type, labels });
    else {
      shown.set(`${name}_bucket`, { type: 'counter', labels: [...labels, 'le'] });
      for (const part of ['sum', 'count']) shown.set(`${name}_${part}`, { type: 'counter', labels });
    }
  }
  return shown;
}
