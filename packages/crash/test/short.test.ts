// The short test from end to end: real processes, one kill of each kind.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../../..');
const main = join(root, 'packages/crash/src/main.ts');
const crash = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--conditions=@studyin/source', main, ...args], { cwd: root, encoding: 'utf8' });

describe('pnpm test:crash', function () {
  this.timeout(180_000);

  it('--short loses and doubles nothing through one kill of each kind, and leaves nothing behind', () => {
    const { pid, status, stdout, stderr } = crash('--short', '--json', '--seconds', '150');
    expect(status, stderr).equal(0);
    const result = JSON.parse(stdout) as Record<string, unknown>; // as: checked below
    const { acknowledged, scenes } = result;
    expect(result).include({ found: acknowledged, missing: 0, doubled: 0, foreign: 0, verify: 'ok' });
    expect(acknowledged).a('number').least(200);
    const played = ['rolling-restart', 'kill-api', 'kill-worker', 'kill-postgres', 'cut-connections'];
    expect((scenes as readonly { readonly name: string }[]).map(({ name }) => name)).eql(played);
    const left = readdirSync(join(root, '.studyin', 'crash')).filter((name) => name.startsWith(`${pid}-`));
    expect(left).eql([]);
  });

  it('says in one line what is wrong', () => {
    const { status, stdout, stderr } = crash('--scene', 'fire');
    expect([status, stdout]).eql([1, '']);
    expect(stderr).match(/^crash: There is no scene fire; there are .*\n$/);
  });
});
