// What processes write and count, as the operations page says it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { getPage, root } from './pages.ts';

const sources = globSync('{apps/{api,worker},packages/telemetry}/src/**/*.ts', { cwd: root }).map((file) =>
  readFileSync(join(root, file), 'utf8'),
);
const { text } = getPage('docs/operations.md');

function namesIn(pattern: RegExp): readonly string[] {
  return [...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name = '']) => name)))].sort();
}

describe('the logs and metrics of the operations page', () => {
  it('are those of the processes', () => {
    const metrics = namesIn(/name: '(studyin_\w+)'/g);
    expect(metrics).to.not.be.empty;
    const named = [...text.matchAll(/`(studyin_[a-z_]+)`/g)].map(([, name = '']) => name);
    const shown = named.filter((name) => /_(seconds|total|jobs|missed|items|limit|connections|up)$/.test(name));
    expect([...new Set(shown)].sort()).to.deep.equal(metrics);
  });

  it('name events that are logged', () => {
    const logged = namesIn(/event: '([a-z_.]+)'/g);
    const named = text.match(/`(api|ingest|worker|queue|learner|partitions|curriculum|statement)\.[a-z_]+`/g) ?? [];
    expect(named).to.not.be.empty;
    expect(named.filter((name) => !logged.includes(name.slice(1, -1)))).to.deep.equal([]);
  });
});

describe('the output that the README shows', () => {
  it('has the stages of the command line', () => {
    const cli = globSync('apps/cli/src/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
    const shown = [...getPage('README.md').text.matchAll(/^ {2}✔ (\S+(?: \S+)*) {2,}/gm)].map(([, name = '']) => name);
    expect(shown).to.not.be.empty;
    expect(shown.filter((name) => !cli.some((source) => source.includes(`stage('${name}')`)))).to.deep.equal([]);
  });
});
