// One bench from end to end, tiny: what it says, not how fast it is.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../../..');
const main = join(root, 'packages/bench/src/main.ts');

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=@studyin/source', main, ...args], { cwd: root, encoding: 'utf8' });

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

  it('says in one line what is wrong', () => {
    const { status, stdout, stderr } = bench('nothing');
    expect([status, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.match(/^bench: There is no bench nothing; there are .*\n$/);
  });
});
