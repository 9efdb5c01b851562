// Benches from end to end, tiny: what it says, not how fast it is.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { removeEmbeddedDatabase } from '@studyin/devkit/embedded-database';
import { expect } from 'chai';
import { tenQueries } from '../src/benches/ten-queries.ts';
import { startBenchServer } from '../src/stack/bench-server.ts';

const root = resolve(import.meta.dirname, '../../..');
const main = join(root, 'packages/bench/src/main.ts');

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=@studyin/source', main, ...args], { cwd: root, encoding: 'utf8' });

type Result = {
  readonly cases: readonly { readonly name: string; readonly ratio: number; readonly product: number }[];
};

describe('pnpm bench', function () {
  this.timeout(180_000);

  it('ends with one line of JSON and leaves nothing behind', () => {
    const { pid, status, stdout, stderr } = bench('ingest-batch', '--size=20', '--seconds=0.3', '--rounds=2', '--json');
    expect(status, stderr).to.equal(0);
    expect(stderr).to.equal('');
    const lines = stdout.trim().split('\n');
    expect(lines).to.have.length(1);
    const result = JSON.parse(lines[0] ?? '') as Record<string, unknown>; // as: an object, checked below
    expect(result).to.include({ name: 'ingest-batch', unit: 'events/s', size: 20, rounds: 2, failedRounds: 0 });
    const figures = ['ratio', 'product', 'limit', 'p50Ms', 'p99Ms'];
    for (const key of figures) expect(result[key], key).to.be.a('number').above(0);
    if (existsSync('/proc/self/status')) expect(result['rssMb']).to.be.a('number').above(50);
    expect(result['commit']).to.match(/^([0-9a-f]{10}\+?|unknown)$/);
    expect(result['quartiles']).to.be.an('array').with.length(2);
    const left = readdirSync(join(root, '.studyin', 'bench')).filter((name) => name.startsWith(`${pid}-`));
    expect(left).to.deep.equal([]);
  });

  it('derives a new answer of each learner, from the queue and in a loop, and tells how long answers wait', () => {
    const { status, stdout, stderr } = bench('mastery', '--size=12', '--seconds=0.5', '--rounds=1', '--json');
    expect(status, stderr).to.equal(0);
    // as: an object, checked below
    const { cases, ...result } = JSON.parse(stdout) as Record<string, unknown> & { cases: Record<string, unknown>[] };
    expect(result).to.include({ name: 'mastery', unit: 'learners/s', size: 12, rounds: 1, failedRounds: 0 });
    expect(cases.map(({ name }) => name)).to.deep.equal(['one answer each', 'lag p99 at 300/s']);
    for (const { product } of cases) expect(product).to.be.a('number').above(0);
    expect(cases[1]).to.include({ unit: 'ms', limit: 1_000, failedRounds: 0 });
  });

  describe('of dashboards', () => {
    const keep = join(root, '.studyin', `bench-smoke-${process.pid}`);
    after(async () => {
      await removeEmbeddedDatabase(keep);
      rmSync(keep, { recursive: true, force: true });
    });

    const run = (name: string, size: number) => {
      const { status, stdout, stderr } = bench(name, `--size=${size}`, '--seconds=0.02', '--rounds=1', '--keep', keep);
      expect(status, stderr).to.equal(0);
      const { cases } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result; // as: checked below
      for (const one of cases) expect(Math.min(one.ratio, one.product), one.name).to.be.above(0);
      return { names: cases.map((one) => one.name), stdout, stderr };
    };

    it('measures all ten queries against their statements, and their times while answers come', () => {
      const { names, stderr } = run('dashboard-cold', 1_000);
      const queries = tenQueries.map(({ name }) => name);
      expect(names).to.deep.equal([...queries, ...queries.map((name) => `${name}, p95`)]);
      expect(stderr).to.include('of 10 learners at rest');
    });

    it('uses the filled database that another bench has kept, by a copy that it removes', async () => {
      const { names, stderr } = run('dashboard-warm', 10);
      expect(names).to.deep.equal(['16 connections']);
      expect(stderr).to.include('copying 1000 events').and.not.to.include('at rest');
      const server = await startBenchServer(keep);
      const left = await server.list();
      await server.stop();
      expect(left.filter((name) => /^(fill|copy)/.test(name))).to.have.length(1);
    });

    it('compares a database with one of a tenth of its events, by the queries, by recording and by a long past', () => {
      const { names, stdout, stderr } = run('growth', 2_000);
      const queries = tenQueries.map(({ name }) => name);
      expect(names).to.deep.equal(['recording', ...queries, 'mastery in order', 'mastery late']);
      expect(stderr).to.include('copying 200 events').and.to.include('copying 2000 events');
      expect(stdout).to.match(/WAL bytes an event: \d+ in the small, \d+ in the large/);
    });
  });

  it('says in one line what is wrong', () => {
    const { status, stdout, stderr } = bench('nothing');
    expect([status, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.match(/^bench: There is no bench nothing; there are .*\n$/);
  });
});
