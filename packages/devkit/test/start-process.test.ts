import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { hasEnded, isAlive } from '@studyin/devkit/postgres-server/processes';
import { startProcess } from '@studyin/devkit/processes/start-process';

const childOf = (name: string) => join(import.meta.dirname, 'children', `${name}.ts`);
const patient = { name: 'patient', script: childOf('patient'), env: {}, readyEvent: 'patient.ready' };

describe('a started process', () => {
  it('is ready when its line says so, and ends with its own exit code when it is stopped', async () => {
    const started = await startProcess(patient);
    expect(started).include({ name: 'patient', url: 'http://127.0.0.1:1' });
    expect(isAlive(started.pid)).equal(true);
    await started.stop();
    expect(await started.ended).eql({ code: 0, signal: null });
  });

  it('is stopped also where it was frozen', async () => {
    const started = await startProcess(patient);
    started.signal('SIGSTOP');
    await started.stop();
    expect(await started.ended).eql({ code: 0, signal: null });
  });

  it('tells its last words when it does not start', async () => {
    const failed = await startProcess({ ...patient, env: { FAILS: 'yes' } }).catch((error: unknown) => error);
    expect(failed).property('message', 'the patient did not start: last words');
  });

  it('leaves what it says on standard error in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'studyin-process-'));
    try {
      const errorFile = join(folder, 'patient.err');
      const failed = startProcess({ ...patient, env: { FAILS: 'yes' }, errorFile });
      await failed.catch(() => undefined);
      expect(readFileSync(errorFile, 'utf8')).equal('first words\nlast words\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('ends when its starter was killed', async () => {
    const args = ['--conditions=@studyin/source', childOf('starter')];
    const starter = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(starter.stdout, 'data')) as [Buffer]; // as: documented by node
    const pid = Number(said.toString());
    expect(isAlive(pid)).equal(true);
    starter.kill('SIGKILL');
    expect(await hasEnded(pid, 5_000)).equal(true);
  });
});
